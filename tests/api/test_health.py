"""Whether the service lives and is ready, told to anybody and without details."""

from datetime import timedelta
from uuid import UUID

from api.app import create_app
from nyefamilier.bootstrap import assemble
from nyefamilier.jobs import service
from nyefamilier.jobs.service import Timing
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.version import head
from tests.pushes import Outbox


def test_a_process_that_answers_lives(client):
    assert client.get("/health/live").json == {"status": "ok"}


def test_a_database_that_was_not_migrated_is_not_ready(client, programme):
    answer = client.get("/health/ready")
    told = {"database": "ok", "migrations": "ok" if migrated(programme) else "away", "keys": "ok"}
    assert {name: answer.json[name] for name in told} == told
    assert answer.status_code == (200 if migrated(programme) else 503)


def test_a_database_that_is_away_is_not_ready(programme, clock, vault):
    away = make_engine("postgresql://nobody@127.0.0.1:1/nothing", programme.settings)
    client = create_app(assemble(programme.settings, away, vault, clock)).test_client()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json == {"database": "away", "migrations": "away", "keys": "ok"}
    assert client.get("/health/live").status_code == 200


def test_what_lies_in_quarantine_is_told_and_is_no_reason_to_serve_nobody(home, client, programme):
    box = Outbox(programme, home.nurse.identity.actor).enrol()
    before = client.get("/health/ready").json["quarantine"]
    box.push(box.mutation(UUID(home.id), ops=[{"op": "no.such"}]))
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json["quarantine"]) == (200, before + 1)


def migrated(programme):
    with programme.engine.connect() as connection:
        told = connection.exec_driver_sql("select to_regclass('alembic_version')").scalar()
        if told is None:
            return False
        found = connection.exec_driver_sql("select version_num from alembic_version").scalar()
        return found == head()


def test_a_job_that_was_not_done_in_time_is_named_and_is_no_reason_to_serve_nobody(
    client, programme, clock
):
    assert client.get("/health/ready").json["jobs"] == "never"
    due = [Timing(name, clock.now, timedelta(minutes=30)) for name in ("early", "late")]
    with programme.work(SYSTEM, "test") as work:
        service.enter(work, due)
    assert client.get("/health/ready").json["jobs"] == "ok"
    clock.forward(minutes=31)
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json["jobs"]) == (200, ["early", "late"])
