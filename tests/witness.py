"""A witness of a log: a real server on loopback that keeps the newest head that it believes.

Source: C2SP tlog-witness, `add-checkpoint`. It believes what the stand-alone verifier shows.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from nyefamilier.transparency.verify_log import (
    Checkpoint,
    DoesNotHold,
    heads_from_consistency,
    read_checkpoint,
)


class Witness:
    """What it has, and what it does wrong on purpose."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.has: Checkpoint | None = None
        self.address = ""
        self.loses_answers = 0
        """So many requests are carried out and answered by a gateway's error."""

    def told(self, body: str) -> tuple[int, str]:
        """The answer to a request."""
        asked, _, note = body.partition("\n\n")
        earlier, *proof = asked.split("\n")
        size = self.has.size if self.has else 0
        if int(earlier.removeprefix("old ")) != size:
            return 409, f"{size}\n"
        try:
            now = read_checkpoint(note, self.key)
            if self.has is not None:
                hashes = [b64decode(one) for one in proof]
                heads = heads_from_consistency(size, now.size, hashes, self.has.head)
                if heads != (self.has.head, now.head):
                    return 422, "it does not begin with what I have"
        except DoesNotHold as flaw:
            return 422, str(flaw)
        self.has = now
        if self.loses_answers:
            self.loses_answers -= 1
            return 502, "gone"
        return 200, ""


@contextmanager
def witnessing(key: str) -> Generator[Witness, None, None]:
    """A witness who is there."""
    witness = Witness(key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, said = witness.told(body)
            self.send_response(status if self.path == "/log/add-checkpoint" else 404)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_told: object) -> None:
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        witness.address = f"http://127.0.0.1:{server.server_port}/log/"
        yield witness
        server.shutdown()
