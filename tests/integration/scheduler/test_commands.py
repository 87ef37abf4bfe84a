"""``nyefamilier jobs``, as it is typed; and what a Prometheus is told."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from nyefamilier.jobs import service
from nyefamilier.jobs.service import Ending
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import system_clock
from scheduler import commands
from scheduler.jobs import JOBS
from scheduler.leading import Leader
from scheduler.metrics import serving, text_of
from tests.integration.storage.servers import wait_until


@pytest.fixture
def programme(real_city):
    return replace(real_city.programme, clock=system_clock)


@pytest.fixture
def environment(programme, tmp_path):
    url = programme.engine.url.render_as_string(hide_password=False)
    return {
        "NYEFAMILIER_DATABASE_URL": url,
        "NYEFAMILIER_KEYRING": str(tmp_path / "keyring.json"),
        "NYEFAMILIER_ENVIRONMENT": "test",
    }


@pytest.fixture
def jobs(environment, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(commands, "configure_logging", lambda: None)

    def type_(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["nyefamilier jobs", *words])
        with pytest.raises(SystemExit) as left:
            commands.main()
        return int(left.value.code or 0), capsys.readouterr().out

    return type_


def test_before_any_scheduler_led_every_job_is_listed_and_none_is_due(jobs):
    code, said = jobs("list", "--json")

    assert code == 0
    assert [(one["job"], one["due"]) for one in json.loads(said)] == [
        (job.name, None) for job in JOBS
    ]
    assert all(one["next"] for one in json.loads(said))


def test_a_job_that_is_run_by_hand_is_in_the_history_and_on_the_list(jobs, programme):
    Leader(programme, JOBS)
    code, said = jobs("run-now", "lapse-leases")
    assert (code, said.splitlines()[-1]) == (0, "lapse-leases: done")

    [run] = json.loads(jobs("history", "--json")[1])
    assert (run["job"], run["outcome"], run["count"], run["due"]) == (
        "lapse-leases",
        "done",
        0,
        None,
    )
    assert jobs("history", "audit-histories")[1] == "\t".join(commands._RUN) + "\n"
    listed = {one["job"]: one for one in json.loads(jobs("list", "--json")[1])}
    assert (listed["lapse-leases"]["outcome"], listed["lapse-leases"]["overdue"]) == ("done", False)
    assert listed["audit-histories"]["outcome"] is None


def test_a_job_that_another_process_runs_is_not_run_beside_it(jobs, programme):
    with programme.leadership(service.lock_of("lapse-leases")) as holds:
        assert holds()
        assert jobs("run-now", "lapse-leases")[0] == 1
    assert json.loads(jobs("history", "--json")[1]) == []


def test_a_job_that_there_is_not_is_refused_by_name(jobs):
    assert jobs("run-now", "no-such-job")[0] == 2


def test_the_command_hands_over_to_the_scheduler_which_stops_when_told_to(
    environment, programme, tmp_path
):
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nyefamilier.cli", "jobs", "run"],
            env={**os.environ, **environment},
            stderr=log,
        )
    try:
        assert wait_until(lambda: "scheduler.leads" in (tmp_path / "log").read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_prometheus_is_told_of_each_job_and_of_nothing_else(programme):
    Leader(programme, JOBS)
    with programme.work(SYSTEM, "test") as work:
        run = service.begin(work, "lapse-leases", None)
    with programme.work(SYSTEM, "test") as work:
        service.end(work, run, Ending(Outcome.FAILED, error="database-busy"), work.now)
    with programme.engine.begin() as connection:
        connection.execute(
            text("UPDATE job SET due_at = now() - interval '1 day' WHERE name = 'lapse-leases'")
        )
    with serving(programme, "127.0.0.1", 0) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics")
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 404

    lines = answer.text.splitlines()
    assert answer.status_code == 200
    assert 'nyefamilier_job_overdue{job="lapse-leases"} 1.000' in lines
    assert 'nyefamilier_job_overdue{job="audit-histories"} 0.000' in lines
    assert 'nyefamilier_job_runs{job="lapse-leases",outcome="failed"} 1' in lines
    assert all(one.startswith(("# TYPE nyefamilier_job_", "nyefamilier_job_")) for one in lines)


def test_a_prometheus_is_told_when_the_database_is_away(programme, fresh_database):
    away = replace(programme, sessions=replace(programme).sessions)
    empty = fresh_database(empty=True)
    away.sessions.configure(bind=empty)
    with serving(away, "127.0.0.1", 0) as port:
        assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 503
    with pytest.raises(Exception, match="does not exist"):
        text_of(away)


def test_without_a_port_nobody_listens(programme):
    with serving(programme, "127.0.0.1", None) as port:
        assert port is None
