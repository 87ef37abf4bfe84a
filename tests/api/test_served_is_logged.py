"""What is served is what is logged, whoever asks for whatever; and without the log nothing is.

``CALLS=10000 pytest tests/api/test_served_is_logged.py`` asks more often.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nyefamilier.kernel.actors import Role
from tests.api.callers import PASSWORD
from tests.api.conftest import FOR_A_YEAR
from tests.api.homes import Home
from tests.api.test_access_log import READS

CALLS = int(os.environ.get("CALLS", "400"))
WORDS = ("Stille Fjell", "Prøveveien", "Vekt 3480 g", "Ro i huset", "40000001")
"""Of what the families' records say, and nobody's account."""
FAILS = """
    CREATE FUNCTION log_fails() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$
"""
WHEN = """
    CREATE TRIGGER log_fails BEFORE INSERT ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION log_fails()
"""


@contextmanager
def a_log_that_fails(programme):
    """Whatever is written into the access log ends as on a full disk."""
    with programme.engine.begin() as connection:
        connection.execute(text(FAILS))
        connection.execute(text(WHEN))
    try:
        yield
    finally:
        with programme.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION log_fails() CASCADE"))


def filled(home):
    """The family with a record of each kind, and their ids by name."""
    named = {"member": home.mother, "offer": home.says(), "visit": home.visited()}
    named |= home.do("/notes", member_id=home.mother, text="Vekt 3480 g.")
    return named | home.do("/needs", stated_by=home.mother, words="Ro i huset")


@pytest.fixture
def homes(caller):
    """Three families, each with the ids of its records by name."""
    found = [Home(caller(lifetimes=FOR_A_YEAR)).register() for _ in range(3)]
    return [(home, filled(home)) for home in found]


@pytest.fixture
def askers(homes, caller):
    """Everybody who may come: the families' nurses, another one, leads, and the others."""
    return [
        *(home.nurse for home, _ in homes),
        caller(Role.NURSE, "11"),
        caller(Role.LEAD, "11"),
        caller(Role.LEAD, "12"),
        caller(Role.PLANNER),
        caller(Role.PRIVACY_OFFICER),
    ]


def newest(programme):
    with programme.engine.connect() as connection:
        return connection.execute(text("SELECT coalesce(max(id), 0) FROM access_log")).scalar_one()


def logged(programme, after):
    """Who was written down for which family, and how often."""
    with programme.engine.connect() as connection:
        found = connection.execute(
            text("SELECT actor_id, family_id, object FROM access_log WHERE id > :after"),
            {"after": after},
        )
        return Counter(
            (str(actor), str(family), what.removesuffix("-without-text"))
            for actor, family, what in found
        )


def served(asker, answer, home, what):
    """Whose records an answer holds, as the log should tell."""
    who = str(asker.identity.id)
    if answer.status_code != 200:
        return []
    if what == "list":
        return [(who, one["id"], what) for one in answer.json["items"]]
    return [(who, home.id, what)]


def test_over_random_calls_what_is_served_is_what_is_logged(programme, homes, askers):
    draw = random.Random(20261123)  # noqa: S311 - the same calls each time
    asked = [*READS, ("list", "list")]
    statuses, before, expected = Counter(), newest(programme), Counter()
    for _ in range(CALLS):
        asker, (home, named), (path, what) = (draw.choice(one) for one in (askers, homes, asked))
        method = "GET" if what == "list" else draw.choice(["GET", "HEAD"])
        address = "/api/v1/families" if what == "list" else home.path + path.format(**named)
        answer = asker(method, address)
        statuses[answer.status_code] += 1
        expected.update(served(asker, answer, home, what))
    assert logged(programme, before) == expected
    assert statuses[200] > CALLS / 10
    assert statuses[404] > CALLS / 10
    assert set(statuses) <= {200, 403, 404}


def test_without_the_log_no_record_is_served(programme, homes, askers):
    asked = 0
    with a_log_that_fails(programme):
        for asker in askers:
            for home, named in homes:
                for path, _ in READS:
                    answer = asker("GET", home.path + path.format(**named))
                    asked += 1
                    assert answer.status_code in {403, 404, 500, 503}
                    assert not [one for one in WORDS if one in answer.text]
            answer = asker("GET", "/api/v1/families")
            assert not answer.json.get("items")
    assert asked == len(askers) * len(homes) * len(READS)
    home, named = homes[0]
    assert home.get("/notes").status_code == 200


def test_without_the_log_no_page_is_served(programme, homes, app):
    home, _ = homes[0]
    browser = app.test_client()
    browser.get("/sign-in")
    told = {"username": home.nurse.identity.username, "password": PASSWORD}
    same = {"Sec-Fetch-Site": "same-origin"}
    assert browser.post("/sign-in", data=told, headers=same).status_code == 303
    pages = ("/", f"/families/{home.id}", f"/families/{home.id}/visits/new")
    assert "Stille Fjell" in browser.get(pages[1]).text
    with a_log_that_fails(programme):
        for page in pages:
            answer = browser.get(page)
            assert answer.status_code in {500, 503}, page
            assert not [one for one in WORDS if one in answer.text]


def test_the_log_that_fails_does_fail(programme, homes):
    with (
        a_log_that_fails(programme),
        pytest.raises(DBAPIError, match="no space left"),
        programme.engine.begin() as connection,
    ):
        connection.execute(text("INSERT INTO access_log DEFAULT VALUES"))
