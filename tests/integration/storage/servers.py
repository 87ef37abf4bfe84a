"""What the tests do to a server of their own: ask it, find it, kill it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from nyefamilier.storage.embedded import Embedded

HOLDER = """
import sys
from pathlib import Path
from nyefamilier.storage.embedded import open_embedded
with open_embedded(Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


def connect(server: Embedded, **options: object) -> psycopg.Connection:
    return psycopg.connect(server.url.replace("+psycopg", ""), **options)


def sockets_of(server: Embedded) -> Path:
    return Path(make_url(server.url).query["host"])


def ask(server: Embedded, question: str) -> list[tuple]:
    with connect(server, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def postmaster_of(server: Embedded) -> int:
    [(words,)] = ask(server, "SELECT pg_read_file('postmaster.pid')")
    return int(words.split()[0])


def data_of(server: Embedded) -> Path:
    [(where,)] = ask(server, "SHOW data_directory")
    return Path(where)


def children_of(process: int) -> list[int]:
    return [
        int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def family_of(postmaster: int) -> list[int]:
    """The server's process and all its children."""
    return [postmaster, *children_of(postmaster)]


def kill(*processes: int) -> None:
    for process in processes:
        # One may end by itself when the one before it is gone.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def alive(process: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until(true: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def holder(var: Path) -> subprocess.Popen[str]:
    """Another process that opens the server and holds it until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, var],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def let_go(*holders: subprocess.Popen[str]) -> None:
    for each in holders:
        each.communicate()
