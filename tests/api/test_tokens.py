"""Signing in to the API, and staying so."""

import pytest
from sqlalchemy import text

from nyefamilier.accounts.service import disable_account
from nyefamilier.kernel.actors import SYSTEM, Role
from tests.api.callers import PASSWORD


def sign_in(client, username, password=PASSWORD, **more):
    return client.post("/api/v1/tokens", json={"username": username, "password": password}, **more)


def test_the_right_password_gives_a_token_that_says_who_one_is(client, person):
    nurse = person()
    made = sign_in(client, nurse.username)
    assert made.status_code == 201
    assert made.json["account"]["id"] == str(nurse.id)
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    me = client.get("/api/v1/me", headers=headers)
    assert me.json == {
        "id": str(nurse.id),
        "username": nurse.username,
        "display_name": "Rask Bjørk",
        "role": "nurse",
        "bydel": "11",
    }


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client, person):
    wrong_password = sign_in(client, person().username, "noe helt annet her")
    wrong_name = sign_in(client, "finnes.ikke", "noe helt annet her")
    assert wrong_password.status_code == wrong_name.status_code == 401
    unalike = {"request_id"}
    assert {k: v for k, v in wrong_password.json.items() if k not in unalike} == {
        k: v for k, v in wrong_name.json.items() if k not in unalike
    }


def test_the_token_itself_is_nowhere_in_the_database(client, person, database):
    token = sign_in(client, person().username).json["token"]
    with database.connect() as connection:
        rows = connection.execute(text("select t::text from access_token t")).scalars().all()
    assert rows
    assert not any(token in row or token.encode().hex() in row for row in rows)


def test_a_token_expires_after_an_hour(caller, clock):
    nurse = caller()
    clock.forward(minutes=59)
    assert nurse("GET", "/api/v1/me").status_code == 200
    clock.forward(minutes=1)
    assert nurse("GET", "/api/v1/me").status_code == 401


def test_a_token_that_is_given_back_is_no_good_at_once(caller):
    nurse = caller()
    assert nurse("DELETE", "/api/v1/tokens/current").status_code == 204
    assert nurse("GET", "/api/v1/me").status_code == 401


def test_a_disabled_account_is_out_at_the_next_request(caller, client, programme):
    nurse = caller()
    assert nurse("GET", "/api/v1/me").status_code == 200
    with programme.work(SYSTEM, "test") as work:
        disable_account(work, nurse.identity.username)
    assert nurse("GET", "/api/v1/me").status_code == 401
    assert sign_in(client, nurse.identity.username).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic eDp5",
        "bearer " + "a" * 43,
        "Bearer " + "a" * 43,
        "Bearer " + "a" * 5000,
        "Bearer " + "æ" * 43,
        "Bearer a b",
        "Bearer " + "a" * 43 + ", Bearer b",
    ],
)
def test_anything_but_a_token_of_ours_is_not_signed_in(client, header):
    headers = {"Authorization": header.encode().decode("latin-1")}
    answer = client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["code"] == "not-signed-in"


def test_the_api_takes_no_cookie(client, caller):
    nurse = caller()
    client.set_cookie("nyefamilier", nurse.token)
    assert client.get("/api/v1/me").status_code == 401


def test_five_failures_pass_and_the_sixth_makes_one_wait(client, person, clock):
    nurse = person()
    for _ in range(5):
        assert sign_in(client, nurse.username, "feil passord, dessverre").status_code == 401
    blocked = sign_in(client, nurse.username)
    assert blocked.status_code == 429
    assert blocked.json["code"] == "sign-in-too-often"
    clock.forward(seconds=int(blocked.headers["Retry-After"]))
    assert sign_in(client, nurse.username).status_code == 201


def test_the_wait_grows_and_has_an_end(client, person, clock):
    nurse, waits = person(), []
    for _ in range(20):
        answer = sign_in(client, nurse.username, "feil passord, dessverre")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.forward(seconds=waits[-1])
    assert waits == sorted(waits)
    assert 60 < waits[-1] <= 901


def test_another_address_is_not_kept_waiting(client, person):
    nurse = person()
    for _ in range(6):
        sign_in(client, nurse.username, "feil passord, dessverre")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert sign_in(client, nurse.username, environ_overrides=elsewhere).status_code == 201


def test_an_hour_without_failures_forgives(client, person, clock):
    nurse = person()
    for _ in range(5):
        sign_in(client, nurse.username, "feil passord, dessverre")
    clock.forward(hours=2)
    assert sign_in(client, nurse.username, "feil passord, dessverre").status_code == 401
    assert sign_in(client, nurse.username).status_code == 201


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_every_role_may_ask_who_it_is(caller, role):
    assert caller(role)("GET", "/api/v1/me").json["role"] == role.value
