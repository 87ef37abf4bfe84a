"""A planner reads how a decided plan went, tells of årsverk, and takes it home."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import uuid4

import pytest

from api.web.rollout.outcome_parts import MEASURES
from nyefamilier.kernel.actors import Role
from nyefamilier.rollout import service
from nyefamilier.rollout.outcomes import Measure
from tests.api.web.test_variation import tell
from tests.rollouts import past_document, planner


@pytest.fixture
def followed(programme):
    """The address of a decided plan of 2024 to 2026."""
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, plan_id, past_document())
        service.decide(work, plan_id, 1)
    return f"/plans/{plan_id}/1"


@pytest.fixture
def reads(reader):
    return reader(Role.PLANNER)


def test_everything_that_is_compared_has_words():
    assert set(MEASURES) == set(Measure)


def test_a_decided_plan_leads_to_its_follow_up_and_a_draft_does_not(reads, followed, programme):
    assert f"{followed}/follow-up" in reads.read(followed).html
    draft = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, draft, past_document())
    assert "follow-up" not in reads.read(f"/plans/{draft}/1").html
    assert reads.read(f"/plans/{draft}/1/follow-up").answer.status_code == 409


def test_each_figure_stands_beside_the_plan_with_its_band_and_how_complete_it_is(
    reads, followed, programme
):
    tell(programme, 2025, {"11": (30, 9), "12": (2, 8), "13": (3, 9)})
    page = reads.read(f"{followed}/follow-up?year=2025")
    assert page.answer.status_code == 200
    assert "Under planens bånd" in page.words
    assert "Skjult" in page.words
    assert "Ingen har oppgitt" in page.words
    assert "Tallene er slik de ble publisert" in page.words
    for path in ("", "?year=2024", "?year=x"):
        assert reads.read(f"{followed}/follow-up{path}").answer.status_code == 200


def test_arsverk_are_told_with_a_source_and_flaws_are_told_beside_the_field(reads, followed):
    page = reads.read(f"{followed}/follow-up/arsverk")
    wrong = reads.send(page, bydel="11", year="2024", arsverk="mange", source="")
    assert wrong.answer.status_code == 422
    kept = reads.send(wrong, bydel="11", year="2024", arsverk="9,5", source="Budsjett 2024")
    assert kept.path.startswith(f"{followed}/follow-up")
    assert "Budsjett 2024" in kept.words
    assert "9,5" in kept.words


def test_a_plan_is_made_anew_from_the_page_and_saved_as_a_draft(reads, followed):
    assert f"{followed}/anew" in reads.read(f"{followed}/follow-up").html
    page = reads.read(f"{followed}/anew")
    assert "open_from" in page.form.fields["document"]
    saved = reads.send(page)
    assert saved.path.startswith(f"{followed.removesuffix('/1')}/2")
    assert "Utkast" in saved.words


@pytest.mark.parametrize("form", ["xlsx", "json"])
def test_the_follow_up_is_taken_home_and_that_is_written_down(reads, reader, followed, form):
    answer = reads.client.get(f"{followed}/follow-up.{form}")
    assert answer.status_code == 200
    if form == "json":
        told = json.loads(answer.data)
        assert {one["measure"] for one in told["outcomes"]} == set(Measure)
    else:
        book = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/workbook.xml").decode()
        assert 'name="follow-up"' in book
    assert "2024-2026" in reader(Role.PRIVACY_OFFICER).read("/export-log").words


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PRIVACY_OFFICER])
def test_it_is_for_planners(reader, followed, role):
    assert reader(role).read(f"{followed}/anew").answer.status_code == 403
    for path in ("", "/arsverk", ".json"):
        page = reader(role).read(f"{followed}/follow-up{path}")
        assert page.answer.status_code == 403
