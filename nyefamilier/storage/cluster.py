"""One PostgreSQL cluster: made, started, looked at and stopped by the server's own programs."""

from __future__ import annotations

import os
import pwd
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.pq import PGconn, Ping

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.lodging import SOCKET_NAME, Lodging, make_private
from nyefamilier.storage.programs import NO_SPACE, Account

ROLE = DATABASE = "nyefamilier"
PATIENCE = 60.0  # seconds that a start or a stop may take
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
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self.lodging.sockets()}"

    def ensure_running(self) -> None:
        """Make the cluster if it is missing, recover it if it was killed, start it if it is down.

        Raises:
            Unavailable: it cannot be started; the detail says what, where and how to mend it.
        """
        if self.ping() is Ping.OK:
            return
        if not (self.lodging.data / "PG_VERSION").exists():
            self._make()
        self._refuse_other_version()
        self._start()
        self._make_database()

    def stop(self) -> None:
        """Stop the server, losing nothing; nothing happens when it is down already."""
        if not (self.lodging.data / "postmaster.pid").exists():
            return
        run = self.lodging.programs.run
        data = self.lodging.data
        said = run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w", "-t", str(int(PATIENCE)))
        if said.returncode != 0 and self.ping() is not Ping.NO_RESPONSE:
            run("pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")

    def ping(self) -> Ping:
        """What the server answers on its socket."""
        words = f"host={self.lodging.sockets()} dbname=postgres user={ROLE} connect_timeout=5"
        return Ping(PGconn.ping(words.encode()))

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
        _write_access(fresh, lodging.programs.account)
        fresh.rename(lodging.data)

    def _refuse_other_version(self) -> None:
        held = (self.lodging.data / "PG_VERSION").read_text(encoding="ascii").strip()
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
            "unix_socket_directories": str(lodging.sockets()),
            **self.options,
        }
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        wait = ("-w", "-t", str(int(PATIENCE)))
        said = lodging.programs.run(
            "pg_ctl", "start", "-D", lodging.data, "-l", log, *wait, "-o", words
        )
        return said.stderr + _since(log, before)

    def _make_database(self) -> None:
        plain = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _locale(major: int) -> list[str]:
    """UTF-8 and plain code-point order on every machine: PostgreSQL's own from 17, libc's before.

    Sources: PostgreSQL 17 release notes (builtin collation provider).
    """
    common = ["-U", ROLE, "-E", "UTF8", "--auth-local=peer", "--auth-host=reject", "-k"]
    if major >= 17:
        return [*common, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*common, "--locale=C.UTF-8"]


def _write_access(data: Path, account: Account | None) -> None:
    """Let in the server's account and ourselves, by the word of the kernel; nobody else."""
    names = {pwd.getpwuid(os.geteuid()).pw_name}
    if account:
        names.add(account.name)
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
        lines = lock.read_text(encoding="utf-8").splitlines(keepends=True) if lock.exists() else []
        if lines and not _is_server_of(lodging.data, int(lines[0])):
            lock.write_text("".join([f"{NOBODY_HAS_THIS_PID}\n", *lines[1:]]), encoding="utf-8")


def _is_server_of(data: Path, pid: int) -> bool:
    """Whether process *pid* lives and works in *data*; when the system can't tell: yes."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        state = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        return state not in "ZX" and (process / "cwd").samefile(data)
    except OSError:
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


def _quoted(value: str) -> str:
    """*value* as one word for the shell that pg_ctl starts the server with."""
    return "'" + value.replace("'", "'\\''") + "'"


def _refuse_full(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < ROOM_TO_START:
        raise _full(home, free)


def _trouble(lodging: Lodging, verb: str, words: str) -> Unavailable:
    if NO_SPACE in words:
        return _full(lodging.home, shutil.disk_usage(lodging.home).free)
    last = [line for line in words.splitlines() if "FATAL" in line or "error:" in line][-2:]
    said = " / ".join(last) or words.strip()[-300:]
    return Unavailable(
        "database-cannot-start",
        f"The embedded database in {lodging.data} could not be {verb}: {said}. "
        f"Its log is {lodging.log}.",
    )


def _full(home: Path, free: int) -> Unavailable:
    return Unavailable(
        "database-disk-full",
        f"The disk that holds the database ({home}) is full: {free >> 20} MB are free and "
        f"{ROOM_TO_START >> 20} MB are needed. Free some space there, or set NYEFAMILIER_VAR to "
        "a folder on another disk, and start again; nothing that was saved is lost.",
    )
