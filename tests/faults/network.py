"""The virtual network: packets in flight, which the script delivers, loses, doubles or spoils.

A phone's transport puts its request here and waits. Whatever comes back first counts; whatever
comes later is lost, as it would be on a closed connection.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from tests.faults.tasks import Scheduler

PORTAL = b"<html><title>Velkommen til gratis WiFi</title><p>Godta vilk\xc3\xa5rene.</html>"
PATIENCE = 60.0
"""Seconds after which a phone waits no longer."""
GATEWAY = b"<html><h1>502 Bad Gateway</h1></html>"

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as bytes."""

    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as bytes."""

    status: int
    headers: Headers
    body: bytes

    @property
    def has_more(self) -> bool:
        """Whether it is a pull's answer that says so."""
        packed = ("content-encoding", "gzip") in {(k.lower(), v) for k, v in self.headers}
        try:
            body = gzip.decompress(self.body) if packed else self.body
        except (OSError, EOFError, zlib.error):
            return False
        return self.status == 200 and b'"more":true' in body


@dataclass(eq=False, slots=True)
class Exchange:
    """One request of one sender, and what the sender has heard of it."""

    sender: str
    asked: Asked
    since: float = 0.0
    """When it was sent, in the world's seconds."""
    answer: Answered | None = None
    failed: bool = False
    abandoned: bool = False

    @property
    def over(self) -> bool:
        """Whether the sender need not wait any more."""
        return self.answer is not None or self.failed


@dataclass(frozen=True, slots=True)
class Packet:
    """A request or an answer under way."""

    exchange: Exchange
    content: Asked | Answered

    @property
    def is_request(self) -> bool:
        """Whether it goes to the server."""
        return isinstance(self.content, Asked)


@dataclass
class Network:
    """All that is under way. *serve* is told of each request that arrives at the server."""

    scheduler: Scheduler
    serve: Callable[[Packet], None]
    seconds: Callable[[], float] = float
    flying: list[Packet] = field(default_factory=list)
    waiting: list[Exchange] = field(default_factory=list)
    told_more: dict[str, bool] = field(default_factory=dict)
    """Whether the last pull that a phone heard the answer of said that there is more."""

    def ask(self, sender: str, asked: Asked) -> Answered:
        """Send, and wait as long as the script lets us.

        Raises:
            httpx.ReadTimeout: nothing came back.
        """
        exchange = Exchange(sender, asked, self.seconds())
        self.flying.append(Packet(exchange, asked))
        self.waiting.append(exchange)
        try:
            self.scheduler.wait(f"net {asked.path}", lambda: exchange.over)
        finally:
            exchange.abandoned = True
            self.waiting.remove(exchange)
        if exchange.answer is None:
            raise httpx.ReadTimeout("nothing came back")
        if asked.path.endswith("/pull"):
            self.told_more[sender] = exchange.answer.has_more
        return exchange.answer

    def answer(self, packet: Packet, answered: Answered) -> None:
        """The server has answered; its answer sets out."""
        self.flying.append(Packet(packet.exchange, answered))

    def deliver(self, packet: Packet) -> None:
        """It arrives."""
        self.flying.remove(packet)
        if isinstance(packet.content, Asked):
            self.serve(packet)
        else:
            self._hear(packet.exchange, packet.content)

    def drop(self, packet: Packet) -> None:
        """It is lost; the sender finds out by waiting in vain."""
        self.flying.remove(packet)

    def double(self, packet: Packet) -> None:
        """It is under way twice."""
        self.flying.append(Packet(packet.exchange, packet.content))

    def spoil(self, packet: Packet, at: int) -> None:
        """One byte of its body is another."""
        self._change(packet, lambda body: _flipped(body, at))

    def cut(self, packet: Packet, at: int) -> None:
        """Its body ends too early."""
        self._change(packet, lambda body: body[: at % len(body)] if body else body)

    def portal(self, packet: Packet) -> None:
        """A captive portal answers in the server's place, with a 200."""
        self._replace(packet, Answered(200, (("content-type", "text/html"),), PORTAL))

    def gateway(self, packet: Packet) -> None:
        """A proxy answers 502: the request never arrived, or the answer of our server is lost."""
        self._replace(packet, Answered(502, (("content-type", "text/html"),), GATEWAY))

    def give_up(self, exchange: Exchange) -> None:
        """The sender has waited long enough."""
        exchange.failed = True

    def tire(self) -> None:
        """Whoever has waited for longer than a phone does gives up."""
        for exchange in self.waiting:
            if self.seconds() - exchange.since > PATIENCE:
                exchange.failed = True

    def cut_off(self) -> None:
        """The server has died: nothing under way arrives, and everybody who waits hears so."""
        self.flying.clear()
        for exchange in self.waiting:
            exchange.failed = True

    def _hear(self, exchange: Exchange, answered: Answered) -> None:
        if not exchange.over and not exchange.abandoned:
            exchange.answer = answered

    def _replace(self, packet: Packet, answered: Answered) -> None:
        self.flying.remove(packet)
        self.flying.append(Packet(packet.exchange, answered))

    def _change(self, packet: Packet, change: Callable[[bytes], bytes]) -> None:
        self.flying.remove(packet)
        content = replace(packet.content, body=change(packet.content.body))
        self.flying.append(Packet(packet.exchange, content))


class Transport(httpx.BaseTransport):
    """What an httpx client sends through, instead of a socket."""

    def __init__(self, network: Network, sender: str) -> None:
        self._network = network
        self._sender = sender

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the virtual network."""
        headers = tuple((name, value) for name, value in request.headers.items())
        path = request.url.raw_path.decode()
        asked = Asked(request.method, path, headers, request.read())
        answered = self._network.ask(self._sender, asked)
        stream = httpx.ByteStream(answered.body)
        return httpx.Response(answered.status, headers=list(answered.headers), stream=stream)


def _flipped(body: bytes, at: int) -> bytes:
    if not body:
        return body
    place = at % len(body)
    return body[:place] + bytes([body[place] ^ 0x04]) + body[place + 1 :]
