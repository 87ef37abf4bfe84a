"""Planners read, write, compare and decide plans on pages, and take them home."""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from uuid import uuid4

import pytest

from api.web.rollout import words
from nyefamilier.kernel.actors import Role
from nyefamilier.rollout import service
from nyefamilier.rollout.assumptions import KNOWN, Unit
from nyefamilier.rollout.budgets import CostLine
from nyefamilier.rollout.states import VersionState
from tests.rollouts import document, planner


@pytest.fixture
def planned(programme):
    """A plan of one draft."""
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, plan_id, document())
    return f"/plans/{plan_id}"


@pytest.fixture
def reads(reader):
    return reader(Role.PLANNER)


def test_everything_of_a_plan_has_words():
    assert set(words.ASSUMPTIONS) == set(KNOWN)
    assert set(words.REACH + words.WORKLOAD + words.MONEY) == set(KNOWN)
    assert set(words.LINES) == set(CostLine)
    assert set(words.STATES) == set(VersionState)
    assert set(words.UNITS) == set(Unit)


def test_a_plan_is_found_from_the_menu_and_shown_with_all_its_parts(reads, planned):
    listed = reads.read("/plans")
    assert f"{planned}/1" in listed.html
    page = reads.read(f"{planned}/1")
    assert page.answer.status_code == 200
    for heading in ("Når hver bydel starter", "Familier som nås", "Kapasitet", "Kostnad"):
        assert heading in page.words
    assert "Stovner" in page.words
    assert "anslag" in page.words
    assert page.html.count("<svg") >= 8


def test_what_courses_of_help_cost_is_shown_as_an_illustration_with_its_source(reads, planned):
    words = reads.read(f"{planned}/1").words
    assert "915 503" in words.replace("\xa0", " ")
    assert "3 704 016" in words.replace("\xa0", " ")
    assert "Dette er en illustrasjon" in words
    assert "Agenda Kaupang" in words


def test_every_assumption_is_one_click_away_with_its_source(reads, planned):
    page = reads.read(f"{planned}/1")
    links = set(re.findall(rf'{planned}/1/assumptions/(\w+)"', page.html))
    assert links == set(KNOWN)
    one = reads.read(f"{planned}/1/assumptions/uptake")
    assert "83 % i Stovner takket ja" in one.words
    assert "0,83" in one.words
    assert reads.read(f"{planned}/1/assumptions/luck").answer.status_code == 404
    assert reads.read(f"{planned}/1/assumptions").html.count("<tr>") == len(KNOWN) + 1


def test_a_plan_is_written_from_the_historical_one_and_flaws_are_all_told(reads):
    page = reads.read("/plans/new")
    assert "Nye familier, 2013 to 2019" in page.form.fields["document"]
    refused = reads.send(page, document=document(arsverk=-1).replace("ramp_months = 3", ""))
    assert refused.answer.status_code == 422
    assert "/staffing/0/arsverk" in refused.words
    assert "/waves/0/ramp_months" in refused.words
    saved = reads.send(refused, document=document("Written on a page"))
    assert saved.answer.status_code == 200
    assert "Written on a page" in saved.words
    again = reads.send(refused, document=document("Written on a page"))
    assert again.path == saved.path


def test_a_version_is_decided_after_being_asked_and_a_new_one_is_written_beside_it(reads, planned):
    asked = reads.read(f"{planned}/1/decide")
    assert "Navnet ditt" in asked.words
    decided = reads.send(asked)
    assert "Vedtatt" in decided.words
    assert f"{planned}/1/decide" not in decided.html
    second = reads.send(reads.read(f"{planned}/1/edit"), document=document("More", 6))
    assert second.path.startswith(f"{planned}/2")
    gone = reads.send(reads.read(f"{planned}/2/archive"))
    assert "Lagt bort" in gone.words
    refused = reads.post(f"{planned}/2/decide", asked.form.fields)
    assert refused.answer.status_code == 409


def test_whoever_has_not_seen_the_newest_state_is_told_and_loses_nothing(reads, planned):
    page = reads.read(f"{planned}/1/edit")
    reads.send(reads.read(f"{planned}/1/edit"), document=document("First"))
    late = reads.send(page, document=document("Too late"))
    assert late.answer.status_code == 422
    assert "Too late" in late.form.fields["document"]
    assert reads.send(late).path.startswith(f"{planned}/3")


def test_up_to_three_versions_stand_side_by_side_with_what_differs(reads, planned):
    reads.send(reads.read(f"{planned}/1/edit"), document=document("More nurses", 6))
    plan_id = planned.rpartition("/")[2]
    page = reads.read(f"/plans/compare?a={plan_id}.1&b={plan_id}.2&c=nobody")
    assert page.answer.status_code == 200
    assert "/hirings/11 2027-01/arsverk" in page.words
    assert "More nurses, versjon 2" in page.words
    assert reads.read("/plans/compare").answer.status_code == 200


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json", "toml"])
def test_a_version_is_taken_home_and_that_is_written_down(reads, reader, planned, form):
    answer = reads.client.get(f"{planned}/1.{form}")
    body = answer.data
    assert answer.status_code == 200
    assert f"-1.{form}" in answer.headers["Content-Disposition"]
    match form:
        case "pdf":
            assert body.startswith(b"%PDF")
        case "xlsx":
            book = zipfile.ZipFile(io.BytesIO(body)).read("xl/workbook.xml").decode()
            assert 'name="months"' in book
            assert 'name="assumptions"' in book
        case "json":
            told = json.loads(body)
            assert told["plan"] == tomllib.loads(document())
            assert told["figures"]["draws"] == service.USUAL_DRAWS
        case _:
            assert body.decode() == document()
    log = reader(Role.PRIVACY_OFFICER).read("/export-log")
    assert "2027-2027" in log.words
    assert f" {form} " in log.words


def test_a_plan_in_which_nothing_starts_yet_is_shown_too(reads, programme):
    empty = document().partition("[[waves]]")[0]
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, plan_id, empty)
    for page in (f"/plans/{plan_id}/1", f"/plans/{plan_id}/1.pdf", f"/plans/{plan_id}/1.xlsx"):
        assert reads.client.get(page).status_code == 200
    assert reads.read(f"/plans/compare?a={plan_id}.1").answer.status_code == 200


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PRIVACY_OFFICER])
def test_plans_are_for_planners(reader, planned, role):
    somebody = reader(role)
    for path in ("/plans", "/plans/new", "/plans/compare", f"{planned}/1", f"{planned}/1.pdf",
                 f"{planned}/1/decide", f"{planned}/1/assumptions"):  # fmt: skip
        assert somebody.read(path).answer.status_code == 403
