"""Servers as processes: started, waited for, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.sync.talking import Line, request

PATIENCE = 60.0
"""Seconds that a server may take to start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    process: int


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started.

    Args:
        words: The program and its arguments.
        port: Where it will listen.
        log: Where its own words go.
        environment: What it is told beside our own environment.
        ready: The path that answers when it is.
        cwd: Where it is started.
    """

    words: Sequence[str | Path]
    port: int
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = "/"
    cwd: Path | None = None


@contextmanager
def serving(command: Command) -> Iterator[Server]:
    """Run a server while the block runs."""
    with command.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the benchmark's own words
            command.words,
            cwd=command.cwd,
            env={**os.environ, **command.environment},  # noqa: TID251 - handed on whole
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, command)
        yield Server(command.port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], command: Command) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with Line(command.port) as line:
                if line.ask(request("GET", command.ready)).status < 400:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"a server did not start; its words are in {command.log}")
