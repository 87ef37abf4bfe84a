"""A proxy between phones and server that now and then spoils what it carries."""

from __future__ import annotations

import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from io import BufferedIOBase
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Final, cast

PATIENCE: Final = 60.0
"""Seconds that the server may take to answer; longer than it allows itself."""
LONGEST_DELAY: Final = 0.5
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Fate(StrEnum):
    """What becomes of one request and its answer."""

    THROUGH = "carried"
    LATE = "delayed"
    REFUSED = "refused"
    """The connection is reset before the server hears anything."""
    HALF_ASKED = "request cut"
    """The server gets the first half of the request, and then nothing more."""
    DROPPED = "response dropped"
    """The server has answered, and the phone never hears it."""
    HALF_TOLD = "response cut"
    TWICE = "sent twice"
    """The server gets the same request again, and the phone the second answer."""
    NO_SERVER = "no server"
    """Nobody listened, or the server died over it."""


WEIGHTS: Final[Mapping[Fate, float]] = {
    Fate.THROUGH: 68, Fate.LATE: 8, Fate.REFUSED: 3, Fate.HALF_ASKED: 3, Fate.DROPPED: 9,
    Fate.HALF_TOLD: 5, Fate.TWICE: 4,
}  # fmt: skip
CALM: Final[Mapping[Fate, float]] = {Fate.THROUGH: 1}


@dataclass
class Fates:
    """Draws what becomes of each request, and counts it. The machine decides whose draw is next."""

    seed: int
    weights: Mapping[Fate, float] = field(default_factory=lambda: CALM)
    drawn: Counter[Fate] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    """Of all that the server answered."""
    _chance: random.Random = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"fates {self.seed}")

    def draw(self) -> tuple[Fate, float]:
        """A fate, and a number from 0 to 1 for whatever it needs one for."""
        with self._lock:
            [fate] = self._chance.choices(list(self.weights), list(self.weights.values()))
            return fate, self._chance.random()

    def count(self, fate: Fate) -> None:
        """Count what did become of a request."""
        with self._lock:
            self.drawn[fate] += 1

    def answered(self, answer: bytes) -> None:
        """Count an answer of the server's."""
        with self._lock:
            self.statuses[int(answer.split(b" ", 2)[1])] += 1


class Away(Exception):  # noqa: N818 - an answer, not a defect
    """There is no server, or it died before its answer was whole."""


class Proxy(ThreadingTCPServer):
    """Listens on a port of its own, and carries what comes to the server's port."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, fates: Fates) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.fates = fates
        self._port = port
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where phones find it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def dial(self) -> socket.socket:
        """A connection to the server.

        Raises:
            Away: nobody listens.
        """
        try:
            return socket.create_connection(("127.0.0.1", self._port), PATIENCE)
        except OSError as error:
            raise Away from error

    def close(self) -> None:
        """Listen no more."""
        self.shutdown()
        self.server_close()


class _Connection(StreamRequestHandler):
    """One phone's connection: its requests in turn, until one of them is spoiled."""

    def handle(self) -> None:
        proxy = cast("Proxy", self.server)
        with suppress(OSError, Away):
            while asked := read_message(self.rfile):
                fate, chance = proxy.fates.draw()
                try:
                    goes_on = _CARRY[fate](self, proxy, asked, chance)
                except Away:
                    fate, goes_on = Fate.NO_SERVER, False
                proxy.fates.count(fate)
                if not goes_on:
                    self._reset()
                    return

    def through(self, proxy: Proxy, asked: bytes, _chance: float) -> bool:
        self.connection.sendall(_answer(proxy, asked))
        return True

    def late(self, proxy: Proxy, asked: bytes, chance: float) -> bool:
        time.sleep(chance * LONGEST_DELAY)
        return self.through(proxy, asked, chance)

    def refused(self, _proxy: Proxy, _asked: bytes, _chance: float) -> bool:
        return False

    def half_asked(self, proxy: Proxy, asked: bytes, chance: float) -> bool:
        with proxy.dial() as server:
            server.sendall(_part(asked, chance))
        return False

    def dropped(self, proxy: Proxy, asked: bytes, _chance: float) -> bool:
        _answer(proxy, asked)
        return False

    def half_told(self, proxy: Proxy, asked: bytes, chance: float) -> bool:
        self.connection.sendall(_part(_answer(proxy, asked), chance))
        return False

    def twice(self, proxy: Proxy, asked: bytes, chance: float) -> bool:
        _answer(proxy, asked)
        return self.through(proxy, asked, chance)

    def _reset(self) -> None:
        """Close so that the phone does not take what came for all that there is."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


_CARRY: Final[Mapping[Fate, Callable[[_Connection, Proxy, bytes, float], bool]]] = {
    Fate.THROUGH: _Connection.through,
    Fate.LATE: _Connection.late,
    Fate.REFUSED: _Connection.refused,
    Fate.HALF_ASKED: _Connection.half_asked,
    Fate.DROPPED: _Connection.dropped,
    Fate.HALF_TOLD: _Connection.half_told,
    Fate.TWICE: _Connection.twice,
}


def read_message(reader: BufferedIOBase) -> bytes:
    """One HTTP message, whole; nothing where the sender has closed.

    Raises:
        Away: it broke off.
    """
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        line = reader.readline()
        if not line and not head:
            return b""
        if not line:
            raise Away
        head += line
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    body = reader.read(length)
    if len(body) < length:
        raise Away
    return bytes(head) + body


def _answer(proxy: Proxy, asked: bytes) -> bytes:
    """What the server answers.

    Raises:
        Away: it does not.
    """
    try:
        with proxy.dial() as server, server.makefile("rb") as reader:
            server.sendall(asked)
            answer = read_message(reader)
    except OSError as error:
        raise Away from error
    if not answer:
        raise Away
    proxy.fates.answered(answer)
    return answer


def _part(message: bytes, chance: float) -> bytes:
    """The message's head and a part of its body; of a message without a body, a part of that."""
    body = message.index(b"\r\n\r\n") + 4
    first = body if body < len(message) else 0
    return message[: first + int(chance * (len(message) - first))]
