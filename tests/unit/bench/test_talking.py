"""What the benchmarks' phones make of HTTP."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.sync.talking import Line, content_length, request


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that gives these answers, one to each request, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                for one in answers:
                    line.recv(65_536)
                    line.sendall(one)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


CHUNKED = (
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
)
COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_an_answer_in_chunks_is_put_together_and_the_line_goes_on() -> None:
    with answering(CHUNKED, COUNTED) as port, Line(port) as line:
        first, second = line.ask(request("GET", "/")), line.ask(request("GET", "/"))
    assert (first.status, first.body) == (201, b"hello!")
    assert (second.status, second.body) == (200, b"ok")


def test_a_packed_answer_is_unpacked_when_its_body_is_asked_for() -> None:
    packed = gzip.compress(b"hello")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    with answering(head.encode() + packed) as port, Line(port) as line:
        answer = line.ask(request("GET", "/"))
    assert (answer.packed, answer.body) == (packed, b"hello")


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel"
    with answering(cut) as port, Line(port) as line, pytest.raises(ConnectionAbortedError):
        line.ask(request("GET", "/"))


def test_a_request_says_how_long_its_content_is() -> None:
    asked = request("POST", "/push", b"{}", {"Authorization": "Bearer x"})
    assert b"Content-Length: 2\r\n" in asked
    assert content_length(asked) == 2
