"""Which roles get through which door; what a write must bring; what a page's form must bring."""

from uuid import uuid4

import pytest
from flask import Flask

from api.doorway import EVERY_ROLE
from api.security import CSRF_FIELD, csrf_token
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import disable_account
from nyefamilier.accounts.sessions import open_session
from nyefamilier.kernel.actors import SYSTEM, Role
from tests.api.probes import app_with_probes
from tests.architecture.doors import doors, roles_by_operation


@pytest.fixture
def app(programme) -> Flask:
    return app_with_probes(programme)


@pytest.fixture
def visitor(client, programme, person):
    """A browser in which a nurse has signed in, and the value of its cookie."""
    nurse = person(Role.NURSE)
    with programme.work(SYSTEM, "test") as current:
        secret = open_session(current, nurse.id, Lifetimes()).secret
    client.set_cookie("nyefamilier", secret)
    client.identity, client.secret = nurse, secret
    return client


@pytest.fixture
def token(app, visitor):
    with app.test_request_context(headers={"Cookie": f"nyefamilier={visitor.secret}"}):
        return csrf_token()


def test_a_role_of_the_blueprint_gets_through_and_acts_in_its_own_name(caller):
    lead = caller(Role.LEAD)
    told = lead("GET", "/api/v1/probe")
    assert told.json == {"doorway": "rest", "actor": str(lead.identity.id)}


@pytest.mark.parametrize("role", [Role.NURSE, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_another_role_does_not(caller, role):
    refused = caller(role)("GET", "/api/v1/probe")
    assert (refused.status_code, refused.json["code"]) == (403, "not-allowed")


def test_a_route_may_name_other_roles_than_its_blueprint(caller):
    assert caller(Role.NURSE)("POST", "/api/v1/probe").status_code == 201
    assert caller(Role.LEAD)("POST", "/api/v1/probe").status_code == 403


def test_a_write_has_the_id_that_its_sender_gave_it(caller):
    key = str(uuid4())
    made = caller()("POST", "/api/v1/probe", headers={"Idempotency-Key": key})
    assert made.json == {"mutation": key}


KEY = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize("key", ["", "1", "x" * 36, KEY[:-1], "{" + KEY + "}"])
def test_a_write_whose_id_is_no_uuid_is_refused(caller, key):
    refused = caller()("POST", "/api/v1/probe", headers={"Idempotency-Key": key})
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency-key")


def test_a_write_without_an_id_is_refused_with_how_to_mend_it(client, caller):
    headers = {"Authorization": f"Bearer {caller().token}"}
    refused = client.post("/api/v1/probe", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency-key-missing")
    assert "UUID" in refused.json["detail"]


def test_who_may_not_write_is_told_so_before_anything_of_the_request_is_read(client, caller):
    headers = {"Authorization": f"Bearer {caller(Role.LEAD).token}"}
    assert client.post("/api/v1/probe", headers=headers, data=b"{").status_code == 403


def test_every_operation_refuses_every_role_that_it_does_not_name(app, caller):
    roles = roles_by_operation(app)
    known = list(doors(app))
    refused = 0
    for role in EVERY_ROLE:
        call = caller(role)
        for (method, path), allowed in roles.items():
            if "anyone" in allowed or (role in allowed and path.endswith("/tokens/current")):
                continue
            filled = next(d.path for d in known if d.method == method and fits(d.path, path))
            status = call(method, filled, json={}).status_code
            assert (status == 403) == (role not in allowed), (role, method, path, status)
            assert status not in {401, 500}
            refused += status == 403
    assert refused > len(roles)


def fits(path: str, template: str) -> bool:
    parts, pattern = path.strip("/").split("/"), template.strip("/").split("/")
    return len(parts) == len(pattern) and all(
        want.startswith("{") or want == got for got, want in zip(parts, pattern, strict=True)
    )


def test_a_page_knows_its_reader_by_cookie_and_not_by_token(client, visitor, caller):
    assert visitor.get("/probe").status_code == 200
    client.delete_cookie("nyefamilier")
    headers = {"Authorization": f"Bearer {caller(Role.NURSE).token}"}
    assert client.get("/probe", headers=headers).status_code in {303, 401}


def test_the_api_does_not_know_the_reader_of_a_page(visitor):
    assert visitor.get("/api/v1/me").status_code == 401


def test_a_form_with_its_token_is_taken(visitor, token):
    page = visitor.get("/probe").text
    assert token in page
    sent = visitor.post(
        "/probe", data={CSRF_FIELD: token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert sent.text == "sent"


@pytest.mark.parametrize("wrong", ["", "0" * 64, "æ"])
def test_a_form_without_its_token_is_refused(visitor, wrong):
    assert visitor.post("/probe", data={CSRF_FIELD: wrong}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_its_token(visitor, token, headers):
    refused = visitor.post("/probe", data={CSRF_FIELD: token}, headers=headers)
    assert refused.status_code == 403
    assert visitor.post("/probe/open", headers=headers).status_code == 403


def test_a_form_before_signing_in_needs_no_token_but_its_origin(client):
    assert client.post("/probe/open", headers={"Origin": "http://localhost"}).text == "sent"


def test_another_sessions_token_does_not_open_this_form(visitor, client, programme, token, app):
    with programme.work(SYSTEM, "test") as current:
        other = open_session(current, visitor.identity.id, Lifetimes()).secret
    client.set_cookie("nyefamilier", other)
    assert client.post("/probe", data={CSRF_FIELD: token}).status_code == 403


def test_a_session_that_is_left_alone_for_15_minutes_is_over(visitor, clock):
    clock.forward(minutes=14)
    assert visitor.get("/probe").status_code == 200
    clock.forward(minutes=14)
    assert visitor.get("/probe").status_code == 200
    clock.forward(minutes=15)
    assert visitor.get("/probe").status_code in {303, 401}


def test_a_session_is_over_after_10_hours_however_busy(visitor, clock):
    for _ in range(59):
        clock.forward(minutes=10)
        assert visitor.get("/probe").status_code == 200
    clock.forward(minutes=10)
    assert visitor.get("/probe").status_code in {303, 401}


def test_signing_out_ends_the_session_on_the_server(visitor, token):
    assert visitor.post("/probe/out", data={CSRF_FIELD: token}).status_code == 200
    visitor.set_cookie("nyefamilier", visitor.secret)
    assert visitor.get("/probe").status_code in {303, 401}


def test_a_disabled_account_is_out_of_the_pages_at_the_next_request(visitor, programme):
    assert visitor.get("/probe").status_code == 200
    with programme.work(SYSTEM, "test") as current:
        disable_account(current, visitor.identity.username)
    assert visitor.get("/probe").status_code in {303, 401}


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000, "Ærlig" * 10])
def test_any_other_cookie_is_no_session(client, cookie):
    headers = {"Cookie": f"nyefamilier={cookie}"}
    assert client.get("/probe", headers=headers).status_code in {303, 401}
