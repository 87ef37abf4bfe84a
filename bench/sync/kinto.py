"""Kinto as a system under measurement: a collection for each caseload, batches of a hundred."""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
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

WHO = {"Authorization": f"Basic {b64encode(b'nurse:bench').decode()}"}
BUCKET = "/v1/buckets/bench"


class Told(msgspec.Struct):
    """What it answers to a pull."""

    data: list[dict[str, object]] = []


@dataclass
class KintoPhone:
    """A phone of a caseload."""

    caseload: int
    since: str = "0"

    @property
    def _records(self) -> str:
        return f"{BUCKET}/collections/c{self.caseload}/records"

    def push(self, written: Sequence[Written]) -> bytes:
        """See `Phone`."""
        asked = [
            {"path": f"{self._records}/{one.id}", "body": {"data": one.told}} for one in written
        ]
        told = {"defaults": {"method": "PUT"}, "requests": asked}
        return request("POST", "/v1/batch", msgspec.json.encode(told), WHO)

    def acknowledged(self, written: Sequence[Written], answer: Answer) -> bool:
        """See `Phone`."""
        if answer.status != 200:
            return False
        results = msgspec.json.decode(answer.body)["responses"]
        return len(results) == len(written) and all(one["status"] == 201 for one in results)

    def everything(self, _line: Line) -> list[bytes]:
        """See `Phone`."""
        return [request("GET", self._records, headers=WHO)]

    def stored(self, line: Line) -> set[UUID]:
        """See `Phone`."""
        return {UUID(str(one["id"])) for one in _told(line.ask(self.everything(line)[0])).data}

    def news(self) -> bytes:
        """See `Phone`."""
        return request("GET", f"{self._records}?_since={self.since}", headers=WHO)

    def learn(self, answer: Answer) -> int:
        """See `Phone`."""
        self.since = answer.headers[b"etag"].decode().strip('"')
        return len(_told(answer).data)


class Kinto(System):
    """A collection for each caseload."""

    name = "Kinto, tuned"
    largest = 100

    def _caseload(self, families: int) -> Caseload:
        number = next(self._numbers)
        with Line(self.port) as line:
            for path in (BUCKET, f"{BUCKET}/collections/c{number}"):
                answer = line.ask(request("PUT", path, b"{}", WHO))
                if answer.status >= 300:
                    raise SystemExit(f"Kinto refuses {path}: {answer.body.decode()}")
        return Caseload(partial(KintoPhone, number), homes(families, number))


@contextmanager
def kinto(place: Place) -> Iterator[Kinto]:
    """Kinto, while the block runs.

    Raises:
        Missing: it cannot be installed.
    """
    python = installing.kinto(INSTALLED.absolute())
    url = place.database("bench_kinto").replace("postgresql://", "postgresql+psycopg2://", 1)
    port = free_port()
    words: list[str | Path] = [python, "-W", "ignore", "-m", "gunicorn"]
    words += ["--bind", f"127.0.0.1:{port}", "-c", Path("gunicorn.conf.py").absolute()]
    words += ["--chdir", installing.PEERS, "kinto_app:app"]
    known = {"BENCH_DATABASE": url, "PYTHONDONTWRITEBYTECODE": "1"}
    _migrate(python, known)
    with serving(
        Command(words, port, place.var / "kinto.log", known, "/v1/__heartbeat__")
    ) as server:
        yield Kinto(server, _version(python))


def _migrate(python: Path, known: Mapping[str, str]) -> None:
    _said(
        python,
        "import kinto_app\nfrom kinto.core.scripts import migrate\n"
        "migrate({'registry': kinto_app.app.registry})",
        known,
    )


def _version(python: Path) -> str:
    names = ("kinto", "orjson", "gunicorn")
    asked = f"from importlib.metadata import version\nprint(*map(version, {names}))"
    versions = _said(python, asked).split()
    return ", ".join(f"{name} {version}" for name, version in zip(names, versions, strict=True))


def _said(python: Path, words: str, known: Mapping[str, str] | None = None) -> str:
    """What a few words of Python say in its environment."""
    said = subprocess.run(  # noqa: S603 - our own words
        [python, "-W", "ignore", "-c", words],
        cwd=installing.PEERS,
        env={**os.environ, **(known or {})},  # noqa: TID251 - handed on whole
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode != 0:
        raise SystemExit(f"Kinto cannot be prepared: {said.stderr.splitlines()[-1:]}")
    return said.stdout.strip()


def _told(answer: Answer) -> Told:
    return msgspec.json.decode(answer.body, type=Told)
