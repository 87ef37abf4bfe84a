"""A scheduler whose job hangs begins anew in its own place, and does the job again."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from nyefamilier.jobs import service
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import system_clock
from tests.integration.storage.servers import wait_until


@pytest.fixture
def programme(real_city):
    return replace(real_city.programme, clock=system_clock)


def outcomes(programme):
    with programme.work(SYSTEM, "test") as work:
        return [one.outcome for one in service.history(work)]


def test_a_scheduler_whose_job_hangs_begins_anew_and_does_it_again(programme, tmp_path):
    environment = {
        "NYEFAMILIER_DATABASE_URL": programme.engine.url.render_as_string(hide_password=False),
        "NYEFAMILIER_KEYRING": str(tmp_path / "keyring.json"),
        "NYEFAMILIER_ENVIRONMENT": "test",
    }
    log = tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.scheduler.process", "hanging"],
            env={**os.environ, **environment},
            stderr=said,
            stdout=said,
        )
    try:
        assert wait_until(lambda: Outcome.DONE in outcomes(programme), 300), log.read_text()
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(60)
    assert outcomes(programme)[-1] is Outcome.TIMED_OUT
    assert Outcome.LOST not in outcomes(programme)
    assert log.read_text().count('"scheduler.leads"') == 2
