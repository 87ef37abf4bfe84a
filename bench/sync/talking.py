"""A phone's side of HTTP, as cheap as can be: what it costs is taken from the servers' share."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

PATIENCE = 120.0
"""Seconds to wait for an answer."""
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[bytes, bytes]
    packed: bytes

    @property
    def body(self) -> bytes:
        """The content as it is."""
        if self.headers.get(b"content-encoding") == b"gzip":
            return gzip.decompress(self.packed)
        return self.packed

    @property
    def wait(self) -> float:
        """The seconds after which it says to come back."""
        return float(self.headers.get(b"retry-after", b"1"))


class Line:
    """A connection that is kept open; opened anew where the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()

    def ask(self, request: bytes) -> Answer:
        """The answer to a request, which is sent once more where the connection had gone.

        Raises:
            OSError: the server cannot be reached.
        """
        try:
            return self._ask(self._socket or self._open(), request)
        except (BrokenPipeError, ConnectionResetError):
            return self._ask(self._open(), request)

    def _open(self) -> socket.socket:
        if self._socket is not None:
            self._socket.close()
        self._rest = b""
        self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _ask(self, line: socket.socket, request: bytes) -> Answer:
        line.sendall(request)
        head = self._until(line, b"\r\n\r\n").split(b"\r\n")
        headers = dict(map(_header, head[1:]))
        body = self._body(line, headers)
        if headers.get(b"connection", b"").lower() == b"close":
            line.close()
            self._socket = None
        return Answer(int(head[0].split(b" ", 2)[1]), headers, body)

    def _body(self, line: socket.socket, headers: Mapping[bytes, bytes]) -> bytes:
        if headers.get(b"transfer-encoding") != b"chunked":
            return self._exactly(line, int(headers.get(b"content-length", b"0")))
        pieces = []
        while length := int(self._until(line, b"\r\n"), 16):
            pieces.append(self._exactly(line, length))
            self._until(line, b"\r\n")
        self._until(line, b"\r\n")
        return b"".join(pieces)

    def _until(self, line: socket.socket, end: bytes) -> bytes:
        while end not in self._rest:
            self._rest += _more(line, self._rest)
        found, _, self._rest = self._rest.partition(end)
        return found

    def _exactly(self, line: socket.socket, length: int) -> bytes:
        pieces, have = [self._rest], len(self._rest)
        while have < length:
            pieces.append(_more(line, b"the head"))
            have += len(pieces[-1])
        whole = b"".join(pieces)
        self._rest = whole[length:]
        return whole[:length]


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """A request as it travels."""
    told = {"Host": "127.0.0.1", "Accept-Encoding": "gzip", **(headers or {})}
    if body or method != "GET":
        told = {"Content-Type": "application/json", **told, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def content_length(travelling: bytes) -> int:
    """How many bytes of content a request has."""
    return len(travelling.partition(b"\r\n\r\n")[2])


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def _more(line: socket.socket, so_far: bytes) -> bytes:
    """What comes next. An answer that has begun is not asked for again."""
    piece = line.recv(_PIECE)
    if piece:
        return piece
    if so_far:
        raise ConnectionAbortedError("the server closed the connection within its answer")
    raise ConnectionResetError("the server closed the connection before its answer")
