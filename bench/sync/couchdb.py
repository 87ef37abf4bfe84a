"""A server of the CouchDB protocol as a system under measurement: a database for each caseload."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec

from bench.sync import installing
from bench.sync.places import INSTALLED, Place
from bench.sync.records import Written, homes
from bench.sync.serving import Command, free_port, serving
from bench.sync.systems import Caseload, System
from bench.sync.talking import Answer, Line, request


class Changed(msgspec.Struct):
    """One document that has changed."""

    id: str


class Told(msgspec.Struct):
    """What it answers to a pull."""

    last_seq: int
    results: list[Changed] = []


@dataclass
class CouchPhone:
    """A phone of a caseload."""

    caseload: int
    last: int = 0

    def push(self, written: Sequence[Written]) -> bytes:
        """See `Phone`."""
        documents = [{"_id": one.told.pop("id"), **one.told} for one in written]
        body = msgspec.json.encode({"docs": documents})
        return request("POST", f"/c{self.caseload}/_bulk_docs", body)

    def acknowledged(self, written: Sequence[Written], answer: Answer) -> bool:
        """See `Phone`."""
        if answer.status != 201:
            return False
        results = msgspec.json.decode(answer.body)
        return len(results) == len(written) and all(one.get("ok") for one in results)

    def everything(self, _line: Line) -> list[bytes]:
        """See `Phone`."""
        return [self._changes(0)]

    def stored(self, line: Line) -> set[UUID]:
        """See `Phone`."""
        return {UUID(one.id) for one in _told(line.ask(self._changes(0))).results}

    def news(self) -> bytes:
        """See `Phone`."""
        return self._changes(self.last)

    def learn(self, answer: Answer) -> int:
        """See `Phone`."""
        told = _told(answer)
        self.last = told.last_seq
        return len(told.results)

    def _changes(self, since: int) -> bytes:
        return request("GET", f"/c{self.caseload}/_changes?include_docs=true&since={since}")


class Couch(System):
    """A database for each caseload."""

    name = "CouchDB protocol"
    largest = 500

    def _caseload(self, families: int) -> Caseload:
        number = next(self._numbers)
        with Line(self.port) as line:
            line.ask(request("PUT", f"/c{number}"))
        return Caseload(partial(CouchPhone, number), homes(families, number))


@contextmanager
def couchdb(place: Place) -> Iterator[Couch]:
    """The server, while the block runs.

    Raises:
        Missing: it cannot be installed.
    """
    home = installing.couchdb(INSTALLED.absolute())
    folder, port = place.var / "couchdb", free_port()
    folder.mkdir()
    words: list[str | Path] = [installing.node(), "couchdb.js", folder, str(port)]
    log = place.var / "couchdb.log"
    with serving(Command(words, port, log, cwd=home)) as server:
        locked = json.loads((installing.PEERS / "package.json").read_text(encoding="utf-8"))
        known = locked["dependencies"]
        names = ("express-pouchdb", "pouchdb")
        yield Couch(server, ", ".join(f"{name} {known[name]}" for name in names))


def _told(answer: Answer) -> Told:
    return msgspec.json.decode(answer.body, type=Told)
