"""The limit R as a system under measurement; see `limit_app`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from uuid import UUID

import msgspec
import psycopg

from bench.sync.limit_app import TABLES
from bench.sync.places import Place
from bench.sync.records import Written, homes
from bench.sync.serving import Command, free_port, serving
from bench.sync.systems import Caseload, System
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


class Limit(System):
    """A number for each caseload."""

    name = "the limit R"
    largest = 500

    def _caseload(self, families: int) -> Caseload:
        number = next(self._numbers)
        return Caseload(partial(LimitPhone, number), homes(families, number))


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
        yield Limit(server, f"Flask {version('flask')}, psycopg {version('psycopg')}, gunicorn")


def _told(answer: Answer) -> Told:
    return msgspec.json.decode(answer.body, type=Told)
