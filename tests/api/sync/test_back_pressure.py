"""A server that is busy turns phones away at once, and says when to come back."""

import pytest

from api.app import create_app
from api.sync.blueprint import gate
from config.settings import Settings
from nyefamilier.bootstrap import assemble
from nyefamilier.storage.engine import make_engine
from tests.phones import Phone

ME = "/api/v1/sync/devices/me"


@pytest.fixture
def app(database, vault, clock):
    settings = Settings(environment="test", sync_at_once=1, sync_a_minute=5)
    return create_app(assemble(settings, database, vault, clock))


@pytest.fixture
def busy(app, monkeypatch):
    """Somebody is at work, and nobody waits."""
    monkeypatch.setattr(gate_of(app), "_patience", 0)
    entered = gate_of(app).enter()
    yield
    gate_of(app).leave(entered)


def gate_of(app):
    with app.app_context():
        return gate()


def test_a_request_that_finds_no_place_is_503_with_when_to_come_back(caller, busy):
    answer = caller()("GET", ME)
    assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
    assert answer.json["retry"] == "after"
    assert int(answer.headers["Retry-After"]) >= 1


def test_who_is_served_while_others_are_turned_away_is_asked_for_quiet(app, caller, clock):
    nurse = caller()
    assert "Sync-Backoff" not in nurse("GET", ME).headers
    entered = gate_of(app).enter()
    gate_of(app)._patience = 0
    turned_away = nurse("GET", ME)
    gate_of(app).leave(entered)
    served = nurse("GET", ME)

    assert (turned_away.status_code, served.status_code) == (503, 200)
    assert "Sync-Backoff" not in turned_away.headers
    assert int(served.headers["Sync-Backoff"]) >= 1


def test_pages_and_the_rest_of_the_api_are_served_meanwhile(caller, busy):
    assert caller()("GET", "/api/v1/me").status_code == 200


def test_the_database_is_not_asked_for_whoever_is_turned_away(programme, vault, clock):
    engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing", programme.settings)
    settings = Settings(environment="test", sync_a_minute=1)
    client = create_app(assemble(settings, engine, vault, clock)).test_client()
    headers = {"Authorization": "Bearer " + "a" * 30}
    assert [client.get(ME, headers=headers).json["code"] for _ in range(2)] == [
        "database-away",
        "slow-down",
    ]


@pytest.mark.parametrize("body", [Phone().enrolment_body, {}, {"device_id": 1}])
def test_a_place_is_given_back_whatever_became_of_the_request(app, caller, body):
    nurse = caller()
    for _ in range(4):
        nurse("POST", "/api/v1/sync/devices", json=body)
    with app.app_context():
        gate().leave(gate().enter())


def test_a_place_is_given_back_after_a_crash(app, caller, monkeypatch):
    monkeypatch.setattr("api.sync.routes.own_devices", None)
    nurse = caller()
    assert [nurse("GET", ME).json["retry"] for _ in range(3)] == ["after"] * 3
    monkeypatch.undo()
    assert nurse("GET", ME).status_code == 200


def test_a_phone_that_comes_too_often_is_429_and_others_are_not(caller):
    often, seldom = caller(), caller()
    answers = [often("GET", ME) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert (answers[5].json["code"], answers[5].json["retry"]) == ("slow-down", "after")
    assert int(answers[5].headers["Retry-After"]) >= 1
    assert seldom("GET", ME).status_code == 200


def test_only_the_phones_protocol_says_retry(caller):
    assert "retry" not in caller()("GET", "/api/v1/families/x").json
    assert caller()("GET", "/api/v1/sync/nothing").json["retry"] == "never"
