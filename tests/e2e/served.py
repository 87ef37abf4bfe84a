"""The programme as a newcomer starts it: its own process, its own database, a free port."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
_SIGN_IN = re.compile(r"│ (\S+)\s+│ (\S+)\s+│ \S+\s+│")
_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/")


@dataclass(frozen=True)
class Served:
    """A running programme, the passwords that it showed once, and where its data lies."""

    address: str
    passwords: dict[str, str]
    var: Path


@contextmanager
def serve(var: Path) -> Generator[Served, None, None]:
    """Start it, wait for its address, and stop it afterwards."""
    environment = {
        **os.environ,
        "NYEFAMILIER_VAR": str(var),
        "NYEFAMILIER_PORT": "0",
        "NYEFAMILIER_WORKERS": "1",
        # A phone that is driven lives through a week in a minute.
        "NYEFAMILIER_SYNC_A_MINUTE": "100000",
        "COLUMNS": "160",
    }
    environment.pop("NYEFAMILIER_DATABASE_URL", None)  # the embedded one, as without any setting
    process = subprocess.Popen(
        [sys.executable, "-m", "nyefamilier.cli", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _listen(process, var)
    finally:
        process.terminate()
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def _listen(process: subprocess.Popen[str], var: Path) -> Served:
    """Read what it prints until it tells its address; go on reading, so that it never blocks."""
    said: Queue[str] = Queue()
    threading.Thread(target=_read, args=(process.stdout, said), daemon=True).start()
    heard, passwords = [], {}
    while True:
        try:
            heard.append(said.get(timeout=START_SECONDS))
        except Empty:
            raise TimeoutError("".join(heard)) from None
        if found := _SIGN_IN.search(heard[-1]):
            passwords[found[1]] = found[2]
        if found := _ADDRESS.search(heard[-1]):
            return Served(found[1], passwords, var)
        if not heard[-1]:
            raise RuntimeError("".join(heard))


def _read(output: IO[str], said: Queue[str]) -> None:
    with contextlib.suppress(ValueError):  # closed while we listened: the tests are over
        for line in output:
            said.put(line)
    said.put("")
