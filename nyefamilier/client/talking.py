"""What is said to the server and what is believed of its answers.

Nothing is believed that is not whole and not the server's own: a body whose digest is wrong, that
is cut off, or that a network's sign-in page sent in its place counts as no answer at all.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from nyefamilier.client.transport import Asked, Got, Transport, Unreachable
from nyefamilier.vault.signing import sign
from nyefamilier.wire.digests import content_digest, is_whole, told_digest
from nyefamilier.wire.limits import UNPACKED_TO_PACKED
from nyefamilier.wire.messages import Result
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import Retry

BASE: Final = "/api/v1/sync"
_PACK_FROM: Final = 1024
"""A shorter body gets longer by packing, or hardly shorter."""
_LARGEST_ANSWER: Final = 16 * 1024 * 1024

T = TypeVar("T")


class Problem(msgspec.Struct, kw_only=True):
    """A problem document (RFC 9457) and what the sync endpoints add to it."""

    code: str
    status: int = 0
    detail: str = ""
    retry: Retry | None = None
    expected_seq: int | None = None
    last_seq: int | None = None
    durable_seq: int | None = None
    epoch: UUID | None = None
    server_time: datetime | None = None
    results: list[Result] = []


class Refused(Exception):  # noqa: N818 - an answer, not a defect
    """The server understood and declined."""

    def __init__(self, status: int, problem: Problem, after: float | None) -> None:
        super().__init__(problem.code)
        self.status = status
        self.problem = problem
        self.after = after

    @property
    def code(self) -> str:
        """The stable name of the reason."""
        return self.problem.code

    @property
    def is_for_later(self) -> bool:
        """Whether to stop asking for a while: the server is busy, or knows no better."""
        return self.status in {429, 503} or self.status >= 500


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Proves that a request is the device's own, whoever is signed in on it."""

    device_id: UUID
    key: bytes

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """The headers for a request whose body travels as *body*."""
        return {"Sync-Signature": as_text(sign(self.key, signed_text(method, path, body)))}


@dataclass(slots=True)
class Traffic:
    """What went over the line, in bytes of bodies as they travelled."""

    requests: int = 0
    up: int = 0
    down: int = 0

    def clear(self) -> None:
        """Begin to count anew."""
        self.requests = self.up = self.down = 0


@dataclass(slots=True)
class Line:
    """Asks the server and reads its answers.

    Args:
        token: Who is signed in, as a bearer token; none for what the device may ask by itself.
        signer: Proves that what the device may ask by itself is asked by it.
        backoff: Seconds for which the server last asked us to keep quiet.
    """

    transport: Transport
    token: str | None = None
    signer: Signer | None = None
    backoff: float | None = None
    traffic: Traffic = field(default_factory=Traffic)

    def post(self, path: str, body: object, answer: type[T], *, signed: bool = False) -> T:
        """The answer to *body*, posted to *path* below the sync endpoints.

        Raises:
            Unreachable: nothing came back that could be believed.
            Refused: the server declined.
        """
        plain = msgspec.json.encode(body)
        # A signature is of what travels; left unpacked, there is one body to sign.
        packed = plain if signed or len(plain) < _PACK_FROM else gzip.compress(plain, mtime=0)
        headers = self._headers(packed, is_packed=packed is not plain)
        if signed and self.signer is not None:
            headers |= self.signer.headers("POST", BASE + path, packed)
        return self._ask(Asked("POST", BASE + path, packed, headers), answer)

    def get(self, path: str, answer: type[T]) -> T:
        """The answer to a question without a body.

        Raises:
            Unreachable: nothing came back that could be believed.
            Refused: the server declined.
        """
        return self._ask(Asked("GET", BASE + path, b"", self._headers(b"")), answer)

    def whoami(self) -> UUID:
        """Who is signed in.

        Raises:
            Unreachable: nothing came back that could be believed.
            Refused: the server declined.
        """
        return self._ask(Asked("GET", "/api/v1/me", b"", self._headers(b"")), _Account).id

    def sign_in(self, username: str, password: str) -> None:
        """Have a token for what follows.

        Raises:
            Unreachable: nothing came back that could be believed.
            Refused: the server declined.
        """
        body = msgspec.json.encode({"username": username, "password": password})
        asked = Asked("POST", "/api/v1/tokens", body, self._headers(body))
        self.token = self._ask(asked, _Token).token

    def _ask(self, asked: Asked, answer: type[T]) -> T:
        got = self.transport.send(asked)
        self.traffic.requests += 1
        self.traffic.up += len(asked.body)
        self.traffic.down += len(got.body)
        return self._read(got, answer)

    def _headers(self, packed: bytes, *, is_packed: bool = False) -> dict[str, str]:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if packed:
            headers["Content-Type"] = "application/json"
            headers["Content-Digest"] = content_digest(packed)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return headers

    def _read(self, got: Got, answer: type[T]) -> T:
        self.backoff = _seconds(got, "sync-backoff")
        content = b"{}" if got.status == 204 else _content(got)
        if got.status < 300:
            return _decoded(content, answer, got)
        problem = _decoded(content, Problem, got)
        raise Refused(got.status, problem, _seconds(got, "retry-after"))


class _Token(msgspec.Struct):
    token: str


class _Account(msgspec.Struct):
    id: UUID


def _content(got: Got) -> bytes:
    told = got.headers.get("content-digest")
    digest = None if told is None else told_digest(told)
    if digest is not None and not is_whole(got.body, digest):
        raise Unreachable("answer-damaged")
    if "json" not in got.headers.get("content-type", ""):
        # A hotel's sign-in page answers 200 to everything; a proxy answers 502 in HTML.
        raise Unreachable("answer-not-ours", _seconds(got, "retry-after"))
    return _unpacked(got)


def _unpacked(got: Got) -> bytes:
    if got.headers.get("content-encoding") != "gzip":
        return got.body
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Text of the same few words packs better than the bound for what a phone sends.
    most = min(_LARGEST_ANSWER, max(len(got.body), _PACK_FROM) * UNPACKED_TO_PACKED * 4)
    try:
        content = unpacker.decompress(got.body, most)
    except zlib.error:
        raise Unreachable("answer-damaged") from None
    if not unpacker.eof:
        raise Unreachable("answer-damaged")
    return content


def _decoded(content: bytes, answer: type[T], got: Got) -> T:
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.MsgspecError, ValueError):
        raise Unreachable("answer-damaged", _seconds(got, "retry-after")) from None


def _seconds(got: Got, header: str) -> float | None:
    told = got.headers.get(header, "")
    return float(told) if told.isascii() and told.isdigit() else None
