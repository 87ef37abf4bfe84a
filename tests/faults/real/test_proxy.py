"""The proxy spoils what it carries in each of its ways, and counts them."""

from __future__ import annotations

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.faults.real.proxy import Fate, Fates, Proxy
from tests.faults.real.site import wait_until

ANSWER = b"a body of some length" * 20


class Server(BaseHTTPRequestHandler):
    heard: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def heard() -> list[bytes]:
    return []


@pytest.fixture
def proxy(heard: list[bytes]) -> Generator[Proxy, None, None]:
    handler = type("Heard", (Server,), {"heard": heard})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        proxy = Proxy(server.server_address[1], Fates(0))
        yield proxy
        proxy.close()
        server.shutdown()


def ask(proxy: Proxy, fate: Fate) -> bytes | None:
    """What comes back to a phone when this befalls its request; None: nothing whole."""
    proxy.fates.weights = {fate: 1}
    with httpx.Client(base_url=proxy.url) as client:
        try:
            return client.post("/", content=b"x" * 1000).content
        except httpx.TransportError:
            return None


@pytest.mark.parametrize(
    ("fate", "times", "comes_back"),
    [
        (Fate.THROUGH, 1, True),
        (Fate.LATE, 1, True),
        (Fate.REFUSED, 0, False),
        (Fate.DROPPED, 1, False),
        (Fate.HALF_TOLD, 1, False),
        (Fate.TWICE, 2, True),
    ],
)
def test_what_the_server_hears_and_the_phone_gets(proxy, heard, fate, times, comes_back):
    assert ask(proxy, fate) == (ANSWER if comes_back else None)
    assert heard == [b"x" * 1000] * times
    assert wait_until(lambda: proxy.fates.drawn == {fate: 1}, 5)


def test_of_a_request_that_is_cut_the_server_hears_less(proxy, heard):
    assert ask(proxy, Fate.HALF_ASKED) is None
    assert all(len(body) < 1000 for body in heard)


def test_a_server_that_is_away_is_told_apart(proxy):
    proxy._port = 1
    assert ask(proxy, Fate.THROUGH) is None
    assert wait_until(lambda: proxy.fates.drawn == {Fate.NO_SERVER: 1}, 5)


def test_a_seed_gives_the_same_fates():
    weights = {Fate.THROUGH: 1.0, Fate.DROPPED: 1.0}
    first, second = (Fates(3, weights) for _ in range(2))
    assert [first.draw() for _ in range(20)] == [second.draw() for _ in range(20)]
