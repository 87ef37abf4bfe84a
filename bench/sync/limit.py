"""The limit R as a system under measurement; see `limit_app`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import count
from uuid import UUID

import msgspec
import psycopg

from bench.sync.limit_app import TABLES
from bench.sync.places import Place
from bench.sync.records import Home, Written, homes
from bench.sync.serving import Command, Server, free_port, serving
from bench.sync.systems import Phone
from bench.sync.talking import Answer, Line, request


class Told(msgspec.Struct):
    """What it answers to a pull."""

    last: int
    records: list[dict[str, object]] = []


@dataclass
class LimitPhone:
    """A phone of a caseload."""

    caseload: int
    last: int = 0

    def push(self, written: Sequence[Written]) -> bytes:
        """See `Phone`."""
        body = msgspec.json.encode([one.told for one in written])
        return request("POST", f"/{self.caseload}", body)

    def acknowledged(self, _written: Sequence[Written], answer: Answer) -> bool:
        """See `Phone`."""
        return answer.status == 200

    def everything(self, _line: Line) -> list[bytes]:
        """See `Phone`."""
        return [request("GET", f"/{self.caseload}?since=0")]

    def stored(self, line: Line) -> set[UUID]:
        """See `Phone`."""
        [everything] = self.everything(line)
        return {UUID(str(one["id"])) for one in _told(line.ask(everything)).records}

    def news(self) -> bytes:
        """See `Phone`."""
        return request("GET", f"/{self.caseload}?since={self.last}")

    def learn(self, answer: Answer) -> int:
        """See `Phone`."""
        told = _told(answer)
        self.last = told.last
        return len(told.records)


@dataclass
class Limit:
    """See `System`."""

    server: Server
    name: str = "the limit R"
    largest: int = 500
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def version(self) -> str:
        """See `System`."""
        return f"Flask {version('flask')}, psycopg {version('psycopg')}, gunicorn"

    @property
    def port(self) -> int:
        """See `System`."""
        return self.server.port

    @property
    def process(self) -> int:
        """See `System`."""
        return self.server.process

    def phones(self, number: int, families: int) -> list[tuple[Phone, list[Home]]]:
        """See `System`."""
        return [(LimitPhone(one), homes(families, one)) for one in self._next(number)]

    def sharing(self, number: int, families: int) -> tuple[list[Phone], list[Home]]:
        """See `System`."""
        [caseload] = self._next(1)
        return [LimitPhone(caseload) for _ in range(number)], homes(families, caseload)

    def _next(self, number: int) -> list[int]:
        return [next(self._numbers) for _ in range(number)]


@contextmanager
def limit(place: Place) -> Iterator[Limit]:
    """The limit, while the block runs."""
    url = place.database("bench_limit")
    with psycopg.connect(url) as database:
        database.execute(TABLES)
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    words.append("bench.sync.limit_app:app")
    command = Command(words, port, place.var / "limit.log", {"BENCH_DATABASE": url})
    with serving(command) as server:
        yield Limit(server)


def _told(answer: Answer) -> Told:
    return msgspec.json.decode(answer.body, type=Told)
