"""The gateways: a terminal, a folder, and any that takes JSON over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import httpx

from nyefamilier.texts.gateway import GatewayAway, GatewayRefused, Message

MINE_TO_MEND: Final = frozenset({401, 403, 404, 405, 407, 408, 425, 429})
"""What an HTTP gateway answers when the fault is not the text's: it waits until that is mended."""
ALREADY_SENT: Final = 409
"""What an HTTP gateway may answer to a key that it knows: the text has been sent."""


class ConsoleGateway:
    """Writes each text to a terminal, with two digits of the number. Nobody receives it."""

    def __init__(self, out: TextIO) -> None:
        """Write to *out*."""
        self._out = out

    def send(self, message: Message) -> None:
        """Write it down."""
        print(f"text to …{message.number[-2:]}: {message.words}", file=self._out, flush=True)


class FileGateway:
    """Puts each text into a folder as one file, named by its key, for another programme to take."""

    def __init__(self, folder: Path) -> None:
        """Use *folder*, which is made if it is not there, for its owner only."""
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write its file, whole or not at all; one that is there already is left as it is.

        Raises:
            GatewayAway: the folder cannot be written to.
        """
        told = {"key": str(message.key), "to": message.number, "text": message.words}
        path = self._folder / f"{message.key}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                _write(path, json.dumps(told, ensure_ascii=False))
        except OSError as error:
            raise GatewayAway from error


class HttpGateway:
    """Posts each text as JSON. The shape of the JSON is a setting, since every gateway has its own.

    Args:
        url: Where to post.
        body: JSON in which the texts ``$to``, ``$text`` and ``$key`` stand for the message's own.
        token: Sent as a bearer token, if there is one.
        seconds: How long to wait for a receipt.
        transport: In the place of the network, for tests.
    """

    def __init__(
        self,
        url: str,
        body: Mapping[str, Any],
        token: str | None = None,
        *,
        seconds: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open nothing yet."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._url, self._body = url, body
        self._client = httpx.Client(headers=headers, timeout=seconds, transport=transport)

    def __repr__(self) -> str:
        return "<HttpGateway>"

    def send(self, message: Message) -> None:
        """Post it under its key. A redirect is no receipt.

        Raises:
            GatewayAway: no answer, a fault of theirs, or one of ours that the operator must mend.
            GatewayRefused: this text is not sent: a number that is none, say.
        """
        told = {"$to": message.number, "$text": message.words, "$key": str(message.key)}
        key = {"Idempotency-Key": str(message.key)}
        try:
            answer = self._client.post(self._url, json=_filled(self._body, told), headers=key)
        except httpx.HTTPError as error:
            raise GatewayAway from error
        if answer.is_success or answer.status_code == ALREADY_SENT:
            return
        if answer.is_client_error and answer.status_code not in MINE_TO_MEND:
            raise GatewayRefused
        raise GatewayAway


def _write(path: Path, told: str) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _filled(part: Any, told: Mapping[str, str]) -> Any:  # noqa: ANN401 - a JSON value
    match part:
        case str():
            return told.get(part, part)
        case Mapping():
            return {name: _filled(one, told) for name, one in part.items()}
        case list():
            return [_filled(one, told) for one in part]
        case _:
            return part
