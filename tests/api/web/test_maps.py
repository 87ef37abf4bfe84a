"""After a reform, the figures of earlier years by the bydeler of then and of today."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from nyefamilier.bydeler.reforms import Move, NewBydel, Reform
from nyefamilier.bydeler.service import apply_reform
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.offers.events import FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.service import load
from tests.api.once import is_first
from tests.releasing import release_now

STOVNER, BJERKE, MERGED = BydelNumber("11"), BydelNumber("09"), BydelNumber("21")
REFORM = Reform(
    "Stovner becomes a part of a new bydel; Teisen moves from Alna to Bjerke",
    date(2026, 1, 1),
    "made up",
    "test",
    opens=(NewBydel(MERGED, "Øverst i dalen"),),
    closes=(STOVNER,),
    moves=(
        Move(MERGED, bydeler=(STOVNER,)),
        Move(BJERKE, delbydeler=(DelbydelCode("0301121207"),)),
    ),
)
NOW = "slik de er nå"


@pytest.fixture
def planner(programme, reader):
    """A planner after eighteen families of Stovner in 2024, and the reform."""
    if is_first(programme):
        _tell(programme)
    return reader(Role.PLANNER)


def _tell(programme):
    with programme.work(SYSTEM, "test") as work:
        for number in range(18):
            said = Answer.YES if number < 12 else Answer.NO
            key, month, basis = uuid4(), date(2024, 3, 1), Basis.FIRST_CHILD
            told = (
                FamilyIdentified(key, STOVNER, month, basis),
                OfferMade(key, STOVNER, month, "nye_familier", basis, Channel.MIDWIFE),
                OfferAnswered(key, STOVNER, month, "nye_familier", said),
            )
            load(work, told)
        apply_reform(work, REFORM)
    release_now(programme)


def table(page):
    """The words of the table's rows."""
    return page.words.split("Rekkevidde")[1].split("Skjult:")[0]


def test_the_reader_chooses_the_map_and_the_files_follow(planner):
    then = planner.read("/uptake?from=2024&to=2024")
    assert NOW in then.words
    assert "Stovner 18" in table(then)

    now = planner.read("/uptake?from=2024&to=2024&map=now")
    assert "Øverst i dalen 18" in table(now)
    assert "Stovner" not in table(now)
    assert "Alna skjult" in table(now)
    assert "Oslo 18" in table(now)
    file = planner.client.get("/variation.csv?from=2024&to=2024&map=now").get_data(as_text=True)
    assert "Øverst i dalen" in file
    assert "Stovner" not in file


def test_a_year_since_the_reform_has_one_map(planner):
    assert NOW not in planner.read("/uptake?from=2026&to=2026").words


def test_a_bydel_of_the_other_map_is_not_passed_over(planner):
    then, now = "/uptake?from=2024&to=2024", "/uptake?from=2024&to=2024&map=now"
    assert planner.read(f"{then}&bydel=11").answer.status_code == 200
    assert planner.read(f"{now}&bydel=21").answer.status_code == 200
    for amiss in (f"{then}&bydel=21", f"{now}&bydel=11"):
        page = planner.read(amiss)
        assert page.answer.status_code == 422
        assert "Det finnes ingen slik bydel" in page.words


def test_a_map_that_is_none_is_said_to_be_wrong(planner):
    page = planner.read("/uptake?from=2024&to=2024&map=tomorrow")
    assert page.answer.status_code == 422
    assert "Velg ett av de to." in page.words
