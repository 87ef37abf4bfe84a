"""The access log over REST: every read of a family stands in it."""

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal

READS = [
    ("", "family"),
    ("/members/{member}", "family"),
    ("/offers", "offers"),
    ("/offers/{offer}", "offers"),
    ("/enrolments", "enrolments"),
    ("/plan", "plan"),
    ("/visits", "visits"),
    ("/visits/{visit}", "visits"),
    ("/notes", "notes"),
    ("/notes/{note}", "notes"),
    ("/needs", "needs"),
    ("/needs/{need}", "needs"),
    ("/slots", "slots"),
    ("/replan", "replan"),
    ("/texts", "texts"),
]


@pytest.fixture
def full(home):
    """The family with a record of each kind, and their ids by name."""
    named = {"member": home.mother, "offer": home.says(), "visit": home.visited()}
    named |= home.do("/notes", member_id=home.mother, text="Vekt 3480 g.")
    return home, named | home.do("/needs", stated_by=home.mother, words="Ro")


@pytest.mark.parametrize(("path", "what"), READS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_of_a_family_is_written_down(full, log_of, path, what, method):
    home, named = full
    before = len(log_of(home))
    answer = home.nurse(method, home.path + path.format(**named))
    log = log_of(home)

    assert (answer.status_code, len(log)) == (200, before + 1)
    assert (log[0]["action"], log[0]["object"]) == ("read", what)
    assert log[0]["actor_id"] == str(home.nurse.identity.id)
    assert (log[0]["ground"], log[0]["doorway"]) == ("primary_nurse", "rest")
    assert log[0]["request_id"] == answer.headers["X-Request-Id"]


def test_every_read_of_a_family_in_the_document_is_tested_here(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    read = {path for path, methods in paths.items() if "{family_id}" in path and "get" in methods}
    assert len(read) == len(READS)


def test_a_list_writes_down_each_family_that_it_shows_and_no_other(home, log_of):
    before = len(log_of(home))
    home.nurse("GET", "/api/v1/families?limit=1")
    assert log_of(home)[0]["object"] == "list"
    assert len(log_of(home)) == before + 1


def test_a_write_is_written_down_as_one(home, log_of):
    home.do("/needs", stated_by=home.mother, words="Ro")
    entry = log_of(home)[0]
    assert (entry["action"], entry["object"]) == ("write", "StateNeed")


def test_the_newest_entries_come_first_page_by_page(home, caller):
    for _ in range(4):
        home.read()
    officer, seen = caller(Role.PRIVACY_OFFICER), []
    path = f"/api/v1/access-log?limit=2&family_id={home.id}"
    while path:
        page = officer("GET", path).json
        seen += [one["id"] for one in page["items"]]
        path = page["next"]

    assert len(seen) >= 5
    assert seen == sorted(set(seen), reverse=True)


def test_the_log_is_asked_for_one_person(home, caller):
    officer = caller(Role.PRIVACY_OFFICER)
    path = f"/api/v1/access-log?actor_id={home.nurse.identity.id}"
    entries = officer("GET", path).json["items"]
    assert {one["actor_id"] for one in entries} == {str(home.nurse.identity.id)}


@pytest.mark.parametrize("cursor", ["WyJ4Il0", "WyItMSJd", "W10", "x"])
def test_a_cursor_that_we_did_not_give_is_refused(caller, cursor):
    answer = caller(Role.PRIVACY_OFFICER)("GET", f"/api/v1/access-log?cursor={cursor}")
    assert refusal(answer)[:2] == (400, "cursor")


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PLANNER])
def test_nobody_else_reads_the_log(caller, role):
    assert refusal(caller(role)("GET", "/api/v1/access-log"))[:2] == (403, "not-allowed")
