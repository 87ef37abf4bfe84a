"""Figures are released; what is read is what was released, not what is counted just now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.offers.states import Answer
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from nyefamilier.uptake.patience import MAINTENANCE
from nyefamilier.uptake.sheets import AREA, Behind, Revision, Shown
from tests.integration.uptake.conftest import work_on
from tests.integration.uptake.test_reading import ALNA, STOVNER, Families

BEHIND = [Behind(STOVNER, 4, 1, 3), Behind(None, 9, 2, 5)]
TODAY = date(2026, 11, 21)


@pytest.fixture
def families(whole_city: Work) -> Families:
    return Families(whole_city)


def release(work: Work) -> int:
    service.begin_release(work)
    return service.release(work, work.session, BEHIND)


def test_a_release_takes_longer_than_a_request_may(
    families: Families, session: WriteBehind, own_engine: Engine
) -> None:
    """Ten thousand families are counted in a moment, a hundred cities not."""
    with WriteBehind(own_engine) as facts, facts.begin():
        service.begin_release(families.work)
        service.release(families.work, facts, BEHIND)
        for one in (session, facts):
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                assert one.scalar(text(f"SHOW {name}")) == MAINTENANCE


def a_week_later(work: Work) -> Work:
    return replace(work, now=work.now + timedelta(days=7))


def test_a_released_sheet_says_what_was_counted_on_which_day_and_how_complete_it_is(
    families: Families,
) -> None:
    families.tell(20, answer=Answer.YES)
    families.tell(8, answer=Answer.NO)
    assert release(families.work) > 0
    sheet = service.sheet(families.work, "uptake", 2016)
    assert (sheet.tabulation, sheet.year, sheet.area) == ("uptake", 2016, None)
    assert (sheet.released, sheet.revision) == (TODAY, 1)
    assert sheet.behind == tuple(BEHIND)
    stovner = sheet.lines[STOVNER]
    assert (stovner["offered"], stovner["accepted"]) == (Shown(28), Shown(20))
    assert sheet.lines[AREA]["declined"] == Shown(8)
    assert sheet.lines[ALNA]["eligible"] == Shown(0)


def test_what_is_told_after_a_release_is_read_after_the_next(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    release(families.work)
    families.tell(7, answer=Answer.YES)
    before = service.sheet(families.work, "uptake", 2016)
    later = a_week_later(families.work)
    release(later)
    after = service.sheet(later, "uptake", 2016)
    assert (before.lines[STOVNER]["accepted"], after.lines[STOVNER]["accepted"]) == (
        Shown(20),
        Shown(27),
    )
    assert service.revisions(later, "uptake", 2016) == [
        Revision(1, TODAY),
        Revision(2, TODAY + timedelta(days=7)),
    ]
    assert service.sheet(later, "uptake", 2016, revision=1) == before


def test_a_family_told_since_is_not_seen_and_the_old_counts_say_of_which_day_they_are(
    families: Families,
) -> None:
    families.tell(20, answer=Answer.YES)
    families.tell(20, ALNA, answer=Answer.YES)
    release(families.work)
    families.tell(1, answer=Answer.YES)
    later = a_week_later(families.work)
    release(later)
    sheet = service.sheet(later, "uptake", 2016)
    assert sheet.lines[STOVNER]["accepted"] == Shown(20, TODAY)
    assert sheet.lines[AREA]["eligible"] == Shown(40, TODAY)
    assert sheet.lines[ALNA]["accepted"] == Shown(20)


def test_the_same_facts_released_again_are_the_same_sheets_and_no_revision(
    families: Families,
) -> None:
    families.tell(20, answer=Answer.YES)
    release(families.work)
    before = service.sheet(families.work, "uptake", 2016)
    assert release(families.work) == 0
    later = a_week_later(families.work)
    assert release(later) == 0
    assert service.sheet(later, "uptake", 2016) == before
    assert service.revisions(later, "uptake", 2016) == [Revision(1, TODAY)]


def test_a_monday_that_was_missed_is_made_up_for_by_the_next(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    release(families.work)
    families.tell(3, answer=Answer.YES)
    families.tell(3, answer=Answer.YES)
    later = a_week_later(a_week_later(families.work))
    release(later)
    assert service.sheet(later, "uptake", 2016).lines[STOVNER]["accepted"] == Shown(26)


def test_a_year_without_families_says_so(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    release(families.work)
    years = service.sheets(families.work, "uptake", 2015, 2017)
    assert [sheet.year for sheet in years] == [2015, 2016, 2017]
    assert [sheet.lines[AREA]["eligible"].value for sheet in years] == [0, 20, 0]
    assert set(years[0].lines) == set(years[1].lines)


@pytest.mark.parametrize("year", [2012, 2027])
def test_a_year_that_no_release_held_is_not_found(families: Families, year: int) -> None:
    release(families.work)
    with pytest.raises(NotFound):
        service.sheet(families.work, "uptake", year)


def test_before_the_first_release_there_is_no_sheet(whole_city: Work) -> None:
    with pytest.raises(NotFound):
        service.sheet(whole_city, "uptake", 2016)


def test_an_unknown_tabulation_area_or_revision_is_not_found(families: Families) -> None:
    families.tell(20)
    release(families.work)
    for asked in (
        {"tabulation_id": "nothing", "year": 2016},
        {"tabulation_id": "uptake", "year": 2016, "area": STOVNER},
        {"tabulation_id": "uptake_by_tertial", "year": 2016},
        {"tabulation_id": "uptake", "year": 2016, "revision": 2},
    ):
        with pytest.raises(NotFound):
            service.sheet(families.work, **asked)  # type: ignore[arg-type]


def test_the_line_of_protected_families_is_never_read(families: Families) -> None:
    families.tell(20)
    families.tell(20, bydel=None)
    release(families.work)
    sheet = service.sheet(families.work, "uptake", 2016)
    assert "00" not in sheet.lines
    assert sheet.lines[AREA]["eligible"] == Shown(40)


def test_tertials_of_a_bydel_add_up_to_its_line(families: Families) -> None:
    families.tell(20, cohort=date(2016, 2, 1))
    families.tell(30, cohort=date(2016, 9, 1))
    release(families.work)
    sheet = service.sheet(families.work, "uptake_by_tertial", 2016, STOVNER)
    assert [sheet.lines[line]["eligible"].value for line in ("t1", "t2", "t3", AREA)] == [
        20, 0, 30, 50,
    ]  # fmt: skip


def test_where_a_count_is_hidden_what_splits_it_is_hidden_too_zeros_and_all(
    families: Families,
) -> None:
    families.tell(20, answer=Answer.YES, cohort=date(2016, 2, 1))
    families.tell(3, answer=Answer.NO, cohort=date(2016, 2, 1))
    release(families.work)
    whole = service.sheet(families.work, "uptake", 2016).lines[STOVNER]
    tertials = service.sheet(families.work, "uptake_by_tertial", 2016, STOVNER).lines
    assert whole["declined"] == Shown(None)
    for column, shown in whole.items():
        if shown.value is None:
            assert {line[column] for line in tertials.values()} == {Shown(None)}


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER, Role.SYSTEM])
def test_leads_and_planners_read_every_sheet(families: Families, role: Role) -> None:
    families.tell(20)
    release(families.work)
    work = work_on(families.work.session, role)
    assert service.sheet(work, "visits", 2016).lines[AREA]["visits"] == Shown(0)


@pytest.mark.parametrize(
    ("role", "tabulation"), [(Role.NURSE, "visits"), (Role.PRIVACY_OFFICER, "uptake")]
)
def test_others_do_not(families: Families, role: Role, tabulation: str) -> None:
    release(families.work)
    work = work_on(families.work.session, role)
    with pytest.raises(NotAllowed):
        service.sheet(work, tabulation, 2016)


def test_no_person_releases_figures(families: Families) -> None:
    with pytest.raises(NotAllowed):
        release(work_on(families.work.session, Role.PLANNER))
