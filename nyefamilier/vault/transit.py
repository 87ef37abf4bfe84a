"""How OpenBao (or Vault) is asked: HTTP, a token from a file, and answers sorted by what they mean.

Nothing here may put a body or a token into an error or a log.
"""

from __future__ import annotations

import os
import ssl
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx

from nyefamilier.vault.provider import ProviderAway

SECONDS: Final = 5.0
"""How long one answer may take; a request of ours has ten seconds for its statements."""

Token = Callable[[], str]


class Refused(Exception):  # noqa: N818 - what the server did
    """The server understood, and said no (400): wrong context, damage, a version withdrawn."""

    def __init__(self, *, no_such_key: bool) -> None:
        """Keep nothing of the answer but whether the key was missing."""
        super().__init__("refused")
        self.no_such_key = no_such_key


class Transit:
    """One mount of a transit engine.

    Args:
        url: Of the server: ``https://bao.example:8200``.
        token: Called before each request, so that an agent may renew the file that it reads.
        ca: A file of certificates to trust, in the place of the system's.
        mount: Where the engine is mounted.
    """

    def __init__(
        self, url: str, token: Token, ca: Path | None = None, mount: str = "transit"
    ) -> None:
        """Open nothing yet."""
        self._url, self._token, self._mount = url.rstrip("/"), token, mount
        self._trust = ssl.create_default_context(cafile=ca)
        self._client: tuple[int, httpx.Client] | None = None

    def __repr__(self) -> str:
        return f"<Transit {self._url}>"

    def close(self) -> None:
        """Let go of the connections; another request opens new ones."""
        if self._client is not None and self._client[0] == os.getpid():
            self._client[1].close()
        self._client = None

    def post(self, path: str, body: object) -> dict[str, Any]:
        """The data of the answer to *body*.

        Raises:
            Refused: the server said no to what was asked.
            ProviderAway: no answer, sealed, a fault of its own, or the token is not accepted.
        """
        return self._data(self._ask("POST", f"/v1/{self._mount}/{path}", body))

    def get(self, path: str) -> dict[str, Any] | None:
        """The data at *path*, or None where nothing is.

        Raises:
            Refused, ProviderAway: as ``post``.
        """
        answer = self._ask("GET", f"/v1/{self._mount}/{path}")
        return None if answer.status_code == httpx.codes.NOT_FOUND else self._data(answer)

    def version(self) -> str:
        """Which version of the server answers, unsealed and active or ready to forward.

        Raises:
            ProviderAway: it does not, or is sealed.
        """
        answer = self._ask("GET", "/v1/sys/health?standbyok=true")
        if not answer.is_success:
            raise ProviderAway(f"The key server answers {answer.status_code}: is it sealed?")
        return str(_json(answer).get("version", "unknown"))

    def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        try:
            return self._connected().request(method, self._url + path, json=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # `from None`: the request hangs on the error, and the request holds the token.
            raise ProviderAway(f"The key server does not answer ({_why(error)}).") from None

    def _data(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code == httpx.codes.BAD_REQUEST:
            errors = _json(answer).get("errors")
            missing = {"encryption key not found", "key not found"}
            raise Refused(no_such_key=isinstance(errors, list) and not missing.isdisjoint(errors))
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise ProviderAway("The key server does not let this token do that, or it has expired.")
        if not answer.is_success:
            raise ProviderAway(f"The key server answers {answer.status_code}.")
        data = _json(answer).get("data") if answer.content else {}
        return data if isinstance(data, dict) else {}

    def _connected(self) -> httpx.Client:
        # A web worker is forked after the programme is built: two that wrote into one connection
        # would read each other's keys.
        if self._client is None or self._client[0] != os.getpid():
            fresh = httpx.Client(verify=self._trust, timeout=SECONDS, trust_env=False)
            self._client = (os.getpid(), fresh)
        return self._client[1]


def token_in(path: Path) -> Token:
    """A token that is read from *path* each time, which only we may read."""

    def read() -> str:
        try:
            with path.open() as file:
                found = os.fstat(file.fileno())
                if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
                    message = f"Others may read {path}. Make it yours alone: chmod 600 {path}"
                    raise ProviderAway(message)
                token = file.read(4096).strip()
        except (OSError, UnicodeDecodeError):
            raise ProviderAway(f"The token file {path} cannot be read.") from None
        if not (token.isascii() and token.isprintable() and token):
            raise ProviderAway(f"The token file {path} holds no token.")
        return token

    return read


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        # `from None`: the decoder's own message quotes the body, and the body may hold a key.
        raise ProviderAway("What answers is no key server.") from None
    return body if isinstance(body, dict) else {}


def _why(error: Exception) -> str:
    return type(error).__name__
