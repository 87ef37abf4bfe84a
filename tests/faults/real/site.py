"""A deployment of its own: PostgreSQL and `nyefamilier serve` as processes that can be killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx
import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy.orm import Session

from config.settings import Settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.storage import migrating
from nyefamilier.storage.cluster import Cluster
from nyefamilier.storage.lodging import find_lodging

PATIENCE: Final = 300.0
"""Seconds that a start may take, on a machine that is busy otherwise."""
GOODBYE: Final = 30.0


class Victim(StrEnum):
    """What is killed."""

    WORKER = "web worker"
    MASTER = "web master"
    """gunicorn's own process; its workers see that it is gone, and end by themselves."""
    BACKEND = "database backend"
    """One connection's process; PostgreSQL ends all others, and recovers."""
    POSTMASTER = "postmaster"
    """PostgreSQL's first process alone; its children see that it is gone, and end by themselves."""
    DATABASE = "whole database"
    """PostgreSQL's first process and all its children."""


@dataclass
class Database:
    """PostgreSQL in a folder of its own, with fsync on.

    Args:
        folder: A folder that any account may walk to.
        binaries: The ``bin`` of another PostgreSQL than the packaged one.
    """

    folder: Path
    binaries: Path | None = None
    cluster: Cluster = field(init=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(find_lodging(self.folder / "pg", self.binaries))

    @property
    def url(self) -> str:
        """Its libpq URL."""
        return self.cluster.url().replace("postgresql+psycopg", "postgresql")

    @property
    def postmaster(self) -> int | None:
        """Its first process, if that is alive."""
        data = self.cluster.lodging.data
        try:
            process = int((data / "postmaster.pid").read_text().split()[0])
            is_ours = Path(f"/proc/{process}/cwd").samefile(data)
        except (OSError, IndexError):
            return None
        return process if is_ours and is_alive(process) else None

    @property
    def backends(self) -> list[int]:
        """The processes of its connections, those at work first."""
        found = [(_title(one), one) for one in _children(self.postmaster)]
        ours = [(title, one) for title, one in found if "[local]" in title]
        return [one for _, one in sorted(ours, key=lambda pair: pair[0].endswith(" idle"))]

    def set(self, settings: Mapping[str, str]) -> None:
        """Change these settings, now and for every start to come."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for name, value in settings.items():
                words = sql.SQL("ALTER SYSTEM SET {} = {}")
                connection.execute(words.format(sql.Identifier(name), sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CHECKPOINT")

    def revive(self) -> None:
        """Start it if it is dead. One that recovers by itself is left alone."""
        if self.postmaster is None:
            self.cluster.ensure_running()


@dataclass
class Web:
    """`nyefamilier serve`, as in production.

    Args:
        environment: Its settings.
        port: Where it listens, each time that it is started.
        log: Where its words go.
    """

    environment: Mapping[str, str]
    port: int
    log: Path
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def master(self) -> int | None:
        """The process of gunicorn that looks after the workers."""
        return next(iter(_children(None if self.process is None else self.process.pid)), None)

    @property
    def workers(self) -> list[int]:
        """Its workers."""
        return _children(self.master)

    def revive(self) -> None:
        """Start it if it has ended; where its port is still in use, that ends again, and so on."""
        if self.process is not None and self.process.poll() is None:
            return
        self.starts += 1
        ours = {**os.environ, **self.environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nyefamilier.cli", "serve"],
                env=ours,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def is_ready(self) -> bool:
        """Whether it would serve a phone now."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """End it, and see that nobody listens any more."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(GOODBYE)
        wait_until(lambda: not _listens(self.port), GOODBYE)


@dataclass
class Site:
    """All processes, and the programme by which a test looks at what they leave."""

    database: Database
    web: Web
    programme: Programme

    def revive(self) -> None:
        """Start again whatever has died."""
        self.database.revive()
        self.web.revive()

    def wait_until_ready(self) -> None:
        """Until phones can be served."""

        def ready() -> bool:
            self.revive()
            return self.web.is_ready()

        if not wait_until(ready, PATIENCE):
            raise RuntimeError(
                f"the server does not come back:\n{self.web.log.read_text()[-3000:]}"
            )

    def kill(self, victim: Victim, chance: random.Random) -> bool:
        """Kill it where it stands; False where there is none just now."""
        found = self._processes(victim, chance)
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return bool(found)

    def _processes(self, victim: Victim, chance: random.Random) -> list[int]:
        postmaster = self.database.postmaster
        match victim:
            case Victim.WORKER:
                return _one_of(self.web.workers, chance)
            case Victim.MASTER:
                return _there(self.web.master)
            case Victim.BACKEND:
                # Of those at work, mostly: one that rests has nothing to lose.
                return _one_of(self.database.backends[:3], chance)
            case Victim.POSTMASTER:
                return _there(postmaster)
            case Victim.DATABASE:
                return [*_there(postmaster), *_children(postmaster)]


@contextmanager
def site(folder: Path, binaries: Path | None = None) -> Iterator[Site]:
    """A deployment in *folder*, migrated and with reference data, until the block is left."""
    database = Database(folder, binaries)
    database.cluster.ensure_running()
    try:
        told = Settings(environment="test", var=folder, database_url=SecretStr(database.url))
        programme = bootstrap(told)
        migrating.upgrade(programme.engine)
        with Session(programme.engine) as session, session.begin():
            load_reference_data(session)
        port = _free_port()
        web = Web(_production(folder, database.url, port), port, folder / "web.log")
        try:
            yield Site(database, web, programme)
        finally:
            web.stop()
            programme.close()
    finally:
        database.revive()
        database.cluster.stop()


def _production(folder: Path, url: str, port: int) -> dict[str, str]:
    """As it is served in production, but that phones may hurry."""
    told = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "VAR": str(folder),
        "ALLOW_LOCAL_KEYRING": "1",
        "SECURE_COOKIES": "1",
        "PORT": str(port),
        "WORKERS": "2",
        "SYNC_A_MINUTE": "1000000",
    }
    return {f"NYEFAMILIER_{name}": value for name, value in told.items()}


def is_alive(process: int) -> bool:
    """Whether it runs; a zombie does not."""
    state = _stat(process)
    return state != "" and state[0] not in "ZX"


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it became true in so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _children(process: int | None) -> list[int]:
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(one) for one in told.split() if is_alive(int(one))]


def _stat(process: int) -> str:
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return told.rpartition(")")[2].strip()


def _title(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ").rstrip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _there(process: int | None) -> list[int]:
    return [] if process is None else [process]


def _one_of(processes: list[int], chance: random.Random) -> list[int]:
    return [chance.choice(processes)] if processes else []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
