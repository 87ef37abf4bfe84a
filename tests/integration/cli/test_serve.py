"""`serve` may be started twice, stopped at any time and killed, and leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nyefamilier.storage.embedded import open_embedded
from tests.integration.storage.servers import alive, children_of, postmaster_of, wait_until
from tests.places import deployment_folder

PATIENCE = 120  # seconds; a first start on a busy machine with a demonstration to load


@pytest.fixture
def var() -> Generator[Path, None, None]:
    with deployment_folder() as folder:
        yield folder


@dataclass
class Served:
    """A running `serve`, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def address(self) -> str:
        """Where it says that it is, as soon as it does."""
        announced = re.compile(r"at (http://\S+)")
        assert wait_until(lambda: announced.search(self.said()) is not None, PATIENCE), self.said()
        return announced.search(self.said())[1]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture
def serve(var: Path) -> Generator[Callable[[], Served], None, None]:
    """Starts `serve` on a port of its own; whatever still runs after the test is killed."""
    started: list[Served] = []
    ours = {"NYEFAMILIER_VAR": str(var), "NYEFAMILIER_PORT": "0", "NYEFAMILIER_WORKERS": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NYEFAM")}

    def start() -> Served:
        output = var / f"output-{len(started)}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "nyefamilier.cli", "serve"],
                env={**kept, **ours, "COLUMNS": "200"},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        started.append(Served(process, output))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()


def ready(served: Served) -> bool:
    return httpx.get(f"{served.address()}health/ready", timeout=60).status_code == 200


def server_under(var: Path) -> int:
    with open_embedded(var) as server:
        return postmaster_of(server)


def test_two_first_starts_at_once_both_serve_and_one_shows_the_sign_ins(
    var: Path, serve: Callable[[], Served]
):
    two = [serve(), serve()]
    assert all(ready(each) for each in two)
    assert sorted("Sign-ins" in each.said() for each in two) == [False, True]
    process = server_under(var)
    assert [each.stop() for each in two] == [0, 0]
    assert not alive(process)


def test_a_serve_that_was_killed_is_followed_by_one_that_serves(
    var: Path, serve: Callable[[], Served]
):
    killed = serve()
    killed.address()
    # It says where it is, and then starts what answers there.
    assert wait_until(lambda: children_of(killed.process.pid) != [])
    [web] = children_of(killed.process.pid)
    killed.process.kill()
    killed.process.wait()
    os.kill(web, signal.SIGTERM)
    assert wait_until(lambda: not alive(web))
    second = serve()
    assert ready(second)
    process = server_under(var)
    assert second.stop() == 0
    assert not alive(process)
