"""How long a start takes, cold and warm, and what a web worker weighs: python -m bench.start."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nyefamilier.storage.embedded import open_embedded

WARM_STARTS = 5


def main() -> None:
    """Measure, and print one line for each."""
    with tempfile.TemporaryDirectory(prefix="nyefamilier-bench-") as folder:
        Path(folder).chmod(0o711)
        database(Path(folder) / "database")
        programme(Path(folder) / "programme")


def database(var: Path) -> None:
    """The embedded PostgreSQL: made and started, then started warm."""
    print(f"embedded database, first start     {_opened(var):6.2f} s")
    warm = statistics.median(_opened(var) for _ in range(WARM_STARTS))
    print(f"embedded database, later starts    {warm:6.2f} s (median of {WARM_STARTS})")


def programme(var: Path) -> None:
    """`serve` until it says that it is ready, and the memory of each web worker then."""
    with _served(var) as (seconds, _):
        print(f"serve, first start until ready     {seconds:6.2f} s")
    found = []
    for _ in range(WARM_STARTS):
        with _served(var) as (seconds, workers):
            found.append((seconds, statistics.mean(map(_megabytes, workers))))
    seconds, megabytes = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"serve, later starts until ready    {seconds:6.2f} s (median of {WARM_STARTS})")
    print(f"memory of a web worker (PSS)       {megabytes:6.0f} MB")


def _opened(var: Path) -> float:
    began = time.perf_counter()
    with open_embedded(var):
        return time.perf_counter() - began


@contextmanager
def _served(var: Path) -> Iterator[tuple[float, list[int]]]:
    """A running `serve`: the seconds until it was ready, and its workers' process numbers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = {"NYEFAMILIER_VAR": str(var), "NYEFAMILIER_PORT": str(port)}
    began = time.perf_counter()
    serve = subprocess.Popen(
        [sys.executable, "-m", "nyefamilier.cli", "serve"],
        env={**os.environ, **ours},  # noqa: TID251 - handed on whole
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/health/ready", serve)
        yield time.perf_counter() - began, _grandchildren(serve.pid)
    finally:
        serve.send_signal(signal.SIGINT)
        serve.wait()


def _wait_until_ready(address: str, serve: subprocess.Popen[bytes]) -> None:
    while serve.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise SystemExit("serve ended before it was ready; run it by hand to see why")


def _grandchildren(process: int) -> list[int]:
    return [worker for child in _children(process) for worker in _children(child)]


def _children(process: int) -> list[int]:
    words = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    return [int(word) for word in words.split()]


def _megabytes(process: int) -> float:
    words = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    [kilobytes] = re.findall(r"^Pss: +(\d+) kB", words, flags=re.MULTILINE)
    return int(kilobytes) / 1024


if __name__ == "__main__":
    main()
