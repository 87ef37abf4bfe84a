"""One PostgreSQL cluster: made, started, looked at and stopped by the server's own programs."""

from __future__ import annotations

import pwd
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping
from sqlalchemy.engine import URL

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.lodging import SOCKET_NAME, Lodging, make_private
from nyefamilier.storage.programs import NO_SPACE

ROLE = DATABASE = "nyefamilier"
PATIENCE = 60  # seconds that a start may take: recovery after a crash is part of it
GOODBYE = 15  # seconds that a tidy stop may take; an untidy one loses nothing either
NOBODY_HAS_THIS_PID = 2_147_483_647
ROOM_TO_START = 96 * 1024 * 1024  # bytes: a new cluster with its first log segments
STILL_THERE = ("already exists", "is still in use", "still running")

# No words of a record may reach the server's log: neither statements nor the DETAIL of an error.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster in its lodging. Whoever calls holds the lock that makes it the only caller."""

    lodging: Lodging
    options: Mapping[str, str] = field(default_factory=dict)

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy URL of *database* over the unix socket."""
        where = {"host": str(self.lodging.sockets())}
        url = URL.create("postgresql+psycopg", username=ROLE, database=database, query=where)
        return url.render_as_string(hide_password=False)

    def ensure_running(self) -> None:
        """Make the cluster if it is missing, recover it if it was killed, start it if it is down.

        Raises:
            Unavailable: it cannot be started; the detail says what, where and how to mend it.
        """
        if self.ping() is not Ping.OK:
            if not (self.lodging.data / "PG_VERSION").exists():
                self._make()
            self._refuse_other_version()
            self._start()
        self._make_database()

    def stop(self) -> None:
        """Stop the server, losing nothing; nothing happens when it is down already.

        The number in its lock file may be a stranger's by now: `pg_ctl` would signal the stranger.
        """
        data = self.lodging.data
        if not _alive(data, data / "postmaster.pid"):
            return
        run = self.lodging.programs.run
        said = run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w", "-t", str(GOODBYE))
        if said.returncode != 0:  # a server in recovery can wait long before it heeds
            run("pg_ctl", "stop", "-D", data, "-m", "immediate", "-w", "-t", str(GOODBYE))
        self.lodging.forget_sockets()

    def ping(self) -> Ping:
        """What the server answers on its socket."""
        return Ping(PGconn.ping(self._address().encode()))

    def _address(self) -> str:
        where = str(self.lodging.sockets())
        return make_conninfo(host=where, dbname="postgres", user=ROLE, connect_timeout=5)

    def _make(self) -> None:
        """Make it beside its place and move it there whole: a half-made one is never started."""
        lodging = self.lodging
        fresh = lodging.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _refuse_full(lodging.home)
        make_private(fresh, lodging.programs.account)
        said = lodging.programs.run("initdb", "-D", fresh, *_locale(lodging.programs.version()))
        if said.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise _trouble(lodging, "made", said.stderr)
        _write_access(fresh)
        fresh.rename(lodging.data)

    def _refuse_other_version(self) -> None:
        held = (self.lodging.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        ours = self.lodging.programs.version()
        if held != str(ours):
            raise Unavailable(
                "database-cannot-start",
                f"The database in {self.lodging.data} was made by PostgreSQL {held} and this "
                f"server is {ours}. Dump it with the old one, or remove it to start empty.",
            )

    def _start(self) -> None:
        """Start, and try again while a killed predecessor is still on its way out."""
        deadline = time.monotonic() + PATIENCE
        while True:
            log = self._start_once()
            if self.ping() is Ping.OK:
                return
            if time.monotonic() > deadline or not any(word in log for word in STILL_THERE):
                raise _trouble(self.lodging, "started", log)
            time.sleep(0.2)

    def _start_once(self) -> str:
        """Start once and give the words that the server logged meanwhile."""
        lodging = self.lodging
        _forget_the_dead(lodging)
        log = lodging.log
        before = _trim(log)
        options = {
            **SERVER_OPTIONS,
            "unix_socket_directories": _listed(lodging.sockets()),
            **self.options,
        }
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        wait = ("-w", "-t", str(PATIENCE))
        said = lodging.programs.run(
            "pg_ctl", "start", "-D", lodging.data, "-l", log, *wait, "-o", words
        )
        return said.stderr + _since(log, before)

    def _make_database(self) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def disk_full(home: Path) -> Unavailable:
    """What to say when the disk of *home* is full: what, where, and how to mend it."""
    free = shutil.disk_usage(home).free
    return Unavailable(
        "database-disk-full",
        f"The disk that holds the database ({home}) is full: {free >> 20} MB are free and "
        f"{ROOM_TO_START >> 20} MB are needed. Free some space there, or set NYEFAMILIER_VAR to "
        "a folder on another disk, and start again; nothing that was saved is lost.",
    )


def _locale(major: int) -> list[str]:
    """UTF-8 and plain code-point order on every machine: PostgreSQL's own from 17, libc's before.

    Sources: PostgreSQL 17 release notes (builtin collation provider).
    """
    common = ["-U", ROLE, "-E", "UTF8", "--auth-local=peer", "--auth-host=reject", "-k"]
    if major >= 17:
        return [*common, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*common, "--locale=C.UTF-8"]


def _write_access(data: Path) -> None:
    """Let in the cluster's owner and root, by the word of the kernel; nobody else."""
    names = {pwd.getpwuid(uid).pw_name for uid in (data.stat().st_uid, 0)}
    (data / "pg_hba.conf").write_text("local all all peer map=ours\n", encoding="utf-8")
    lines = "".join(f'ours "{name}" {ROLE}\n' for name in sorted(names))
    (data / "pg_ident.conf").write_text(lines, encoding="utf-8")


def _forget_the_dead(lodging: Lodging) -> None:
    """Replace a dead server's number in its lock files by one that no process can have.

    PostgreSQL takes a zombie, or a stranger that got the number after a restart, for a living
    server, and refuses to start. The files themselves stay: the second line of defence in them
    (the shared memory that a surviving child still holds) must keep working.
    """
    for lock in (
        lodging.data / "postmaster.pid",
        lodging.sockets() / f"{SOCKET_NAME}.lock",
    ):
        if lock.exists() and not _alive(lodging.data, lock):
            lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
            lock.write_text("".join([f"{NOBODY_HAS_THIS_PID}\n", *lines[1:]]), encoding="utf-8")


def _alive(data: Path, lock: Path) -> bool:
    """Whether the process that *lock* names lives and works in *data*.

    Where the system cannot tell (there is no ``/proc``), PostgreSQL's own judgement stands: yes.
    """
    try:
        process = Path("/proc") / str(int(lock.read_text(encoding="utf-8").split()[0]))
        if not Path("/proc/self/cwd").exists():
            return True
        state = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        return state not in "ZX" and (process / "cwd").samefile(data)
    except (OSError, ValueError, IndexError):
        return False


def _trim(log: Path) -> int:
    """Keep the log under ten megabytes over many starts; its present length."""
    if not log.exists():
        return 0
    length = log.stat().st_size
    if length > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
        return 0
    return length


def _since(log: Path, before: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as words:
        words.seek(before)
        return words.read(20_000).decode("utf-8", "replace")


def _listed(folder: Path) -> str:
    """*folder* as the one entry of a list of folders, whatever signs are in its name."""
    doubled = str(folder).replace('"', '""')
    return f'"{doubled}"'


def _quoted(value: str) -> str:
    """*value* as one word for the shell that pg_ctl starts the server with."""
    return "'" + value.replace("'", "'\\''") + "'"


def _refuse_full(home: Path) -> None:
    if shutil.disk_usage(home).free < ROOM_TO_START:
        raise disk_full(home)


def _trouble(lodging: Lodging, verb: str, words: str) -> Unavailable:
    if NO_SPACE in words:
        return disk_full(lodging.home)
    last = [line for line in words.splitlines() if "FATAL" in line or "error:" in line][-2:]
    said = " / ".join(last) or words.strip()[-300:]
    return Unavailable(
        "database-cannot-start",
        f"The embedded database in {lodging.data} could not be {verb}: {said}. "
        f"Its log is {lodging.log}.",
    )
