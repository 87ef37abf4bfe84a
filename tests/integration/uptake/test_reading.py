from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from nyefamilier.bydeler.reforms import Move, NewBydel, Reform
from nyefamilier.bydeler.service import apply_reform
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound, RuleBroken
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.offers.events import FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from nyefamilier.uptake.indicators import BydelUptake, Period, UptakeReport, Volume, wilson
from nyefamilier.uptake.ledger import Heard
from nyefamilier.uptake.redrawing import Map
from nyefamilier.visits.events import VisitDone
from tests.integration.uptake.conftest import work_on

STOVNER, ALNA, MARKA = BydelNumber("11"), BydelNumber("12"), BydelNumber("17")
BJERKE, GRORUD = BydelNumber("09"), BydelNumber("10")
YEAR = Period.year(2016)
JUNE = date(2016, 6, 1)


class Families:
    """Tells of families, each with a key of its own."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.keys: Iterator[UUID] = (UUID(int=n) for n in range(1, 100_000))

    def tell(
        self,
        number: int,
        bydel: BydelNumber | None = STOVNER,
        *,
        basis: Basis | None = Basis.FIRST_CHILD,
        offered: bool = True,
        answer: Answer | None = None,
        programme: str = "nye_familier",
        visited: bool = False,
        cohort: date = JUNE,
    ) -> None:
        for key in (next(self.keys) for _ in range(number)):
            facts: list[Heard] = [FamilyIdentified(key, bydel, cohort, basis)]
            if offered:
                offer_basis = basis or Basis.FIRST_CHILD
                facts += [OfferMade(key, bydel, cohort, programme, offer_basis, Channel.LETTER)]
            if answer is not None:
                facts += [OfferAnswered(key, bydel, cohort, programme, answer)]
            if visited:
                facts += [visit(key, bydel, cohort)]
            service.load(self.work, facts)


def visit(key: UUID, bydel: BydelNumber | None, month: date, minutes: int = 60) -> VisitDone:
    return VisitDone(
        key,
        bydel,
        month,
        "nye_familier",
        "avtalt",
        minutes,
        at_home=True,
        counts_as=("programvisit",),
        by_own_nurse=True,
        other_parent_present=True,
    )


@pytest.fixture
def families(whole_city: Work) -> Families:
    return Families(whole_city)


def uptake_of(
    work: Work, period: Period, bydel: BydelNumber | None = None, drawn: Map = Map.THEN
) -> UptakeReport:
    """The figures as they are released just now."""
    service.begin_release(work)
    service.release(work, work.session, [])
    return service.uptake_of(work, period, bydel, drawn)


def line(report: UptakeReport, bydel: BydelNumber) -> BydelUptake:
    return next(row for row in report.bydeler if row.bydel == bydel)


def test_the_table_counts_each_family_once_and_answers_as_the_definitions_say(
    families: Families,
) -> None:
    families.tell(83, answer=Answer.YES, visited=True)
    families.tell(8, answer=Answer.NO)
    families.tell(5, answer=Answer.LATER)
    families.tell(5)
    families.tell(6, answer=Answer.UNANSWERED)
    families.tell(9, offered=False)
    report = uptake_of(families.work, YEAR, STOVNER)
    assert report.bydeler == (
        BydelUptake(STOVNER, 116, 107, 96, 83, 8, 5, 11, 83, wilson(83, 107), wilson(83, 116)),
    )
    assert report.city.eligible == 116


def test_a_family_that_nfp_covers_is_in_no_denominator_and_no_no(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    families.tell(30, answer=Answer.YES, programme="nfp")
    families.tell(10, answer=Answer.NO, programme="nfp")
    row = line(uptake_of(families.work, YEAR), STOVNER)
    assert (row.eligible, row.offered, row.accepted, row.declined) == (30, 20, 20, 0)


def test_a_family_without_a_basis_is_not_eligible_until_an_offer_gives_one(
    families: Families,
) -> None:
    families.tell(20, basis=None, offered=False)
    assert line(uptake_of(families.work, YEAR), STOVNER).eligible == 0
    families.tell(20, basis=None, offered=True)
    assert line(uptake_of(families.work, YEAR), STOVNER).eligible == 20


def test_a_protected_address_counts_in_the_city_and_in_no_bydel(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    families.tell(7, bydel=None, answer=Answer.YES)
    report = uptake_of(families.work, YEAR)
    assert (line(report, STOVNER).accepted, report.city.accepted) == (20, 27)
    assert all(row.bydel is not None for row in report.bydeler)


def test_every_bydel_has_a_line_marka_and_sentrum_too(families: Families) -> None:
    report = uptake_of(families.work, YEAR)
    assert [row.bydel for row in report.bydeler] == [f"{n:02}" for n in [*range(1, 18), 99]]
    assert (line(report, MARKA).eligible, line(report, MARKA).uptake) == (0, None)


def test_the_cohort_is_the_year_in_which_the_family_was_identified(families: Families) -> None:
    families.tell(12, answer=Answer.YES, cohort=date(2015, 12, 1))
    families.tell(20, answer=Answer.YES, cohort=date(2016, 1, 1))
    families.tell(30, answer=Answer.YES, cohort=date(2016, 12, 1))
    families.tell(15, answer=Answer.YES, cohort=date(2017, 1, 1))
    assert line(uptake_of(families.work, YEAR), STOVNER).accepted == 50
    both = uptake_of(families.work, Period.years(2015, 2017))
    assert line(both, STOVNER).accepted == 77


STOVNER_WITH_GRORUD = Reform(
    "Stovner and Grorud become one, and Teisen moves to Bjerke",
    date(2025, 1, 1),
    "made up",
    "test",
    opens=(NewBydel(BydelNumber("21"), "Øverst i dalen"),),
    closes=(STOVNER, GRORUD),
    moves=(
        Move(BydelNumber("21"), bydeler=(STOVNER, GRORUD)),
        Move(BJERKE, delbydeler=(DelbydelCode("0301121207"),)),
    ),
)


def test_after_a_reform_earlier_years_can_be_drawn_on_todays_map(families: Families) -> None:
    families.tell(40, answer=Answer.YES)
    families.tell(20, GRORUD, answer=Answer.YES)
    families.tell(10, ALNA, answer=Answer.YES)
    families.tell(10, BJERKE, answer=Answer.YES)
    assert not service.is_redrawn(families.work, YEAR)
    apply_reform(families.work, STOVNER_WITH_GRORUD)
    assert service.is_redrawn(families.work, YEAR)

    then = uptake_of(families.work, YEAR)
    assert (line(then, STOVNER).accepted, line(then, GRORUD).accepted) == (40, 20)
    now = uptake_of(families.work, YEAR, drawn=Map.NOW)
    assert {STOVNER, GRORUD}.isdisjoint(one.bydel for one in now.bydeler)
    assert line(now, BydelNumber("21")).accepted == 60
    assert now.city == then.city
    # Alna was cut: nobody knows on which side of the new boundary its families lived.
    assert [line(now, one).accepted for one in (ALNA, BJERKE)] == [None, None]
    assert line(now, MARKA).accepted == 0
    with pytest.raises(NotFound):
        service.uptake_of(families.work, YEAR, STOVNER, Map.NOW)


def test_todays_map_of_todays_year_is_the_same_map(families: Families) -> None:
    apply_reform(families.work, STOVNER_WITH_GRORUD)
    this_year = Period.year(families.work.today.year)
    families.tell(40, ALNA, answer=Answer.YES, cohort=this_year.first_month)
    assert not service.is_redrawn(families.work, this_year)
    report = uptake_of(families.work, this_year)
    assert report == service.uptake_of(families.work, this_year, drawn=Map.NOW)


def test_small_numbers_leave_the_service_hidden(families: Families) -> None:
    families.tell(20, answer=Answer.YES)
    families.tell(3, answer=Answer.NO)
    report = uptake_of(families.work, YEAR)
    row = line(report, STOVNER)
    assert (row.declined, report.city.declined, row.uptake) == (None, None, None)
    assert uptake_of(families.work, YEAR, STOVNER).bydeler == (row,)


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PLANNER, Role.SYSTEM])
def test_nurses_leads_and_planners_read_figures(whole_city: Work, role: Role) -> None:
    work = work_on(whole_city.session, role)
    uptake_of(whole_city, YEAR)
    assert service.uptake_of(work, YEAR).city.eligible == 0


def test_a_privacy_officer_reads_no_figures(whole_city: Work) -> None:
    work = work_on(whole_city.session, Role.PRIVACY_OFFICER)
    with pytest.raises(NotAllowed):
        service.uptake_of(work, YEAR)


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER])
def test_volumes_that_were_not_released_are_nobodys_to_read(whole_city: Work, role: Role) -> None:
    with pytest.raises(NotAllowed):
        service.volume(work_on(whole_city.session, role), [2016])


def test_an_unknown_bydel_and_a_period_to_come_are_refused(whole_city: Work) -> None:
    with pytest.raises(NotFound):
        service.uptake_of(whole_city, YEAR, BydelNumber("42"))
    with pytest.raises(RuleBroken) as refused:
        service.uptake_of(whole_city, Period.year(2027))
    assert refused.value.code == "period-in-future"


def test_volume_counts_families_and_visits_of_an_hour_in_the_year_of_the_visit(
    families: Families,
) -> None:
    work = families.work
    for n in range(1, 8):
        service.hear_visit(work, visit(UUID(int=n), STOVNER, date(2018, 12, 1)))
        service.hear_visit(work, visit(UUID(int=n), ALNA, date(2019, 1, 1)))
        service.hear_visit(work, visit(UUID(int=n), None, date(2019, 1, 1)))
        service.hear_visit(work, visit(UUID(int=n + 50), ALNA, date(2019, 1, 1), minutes=45))
    assert service.volume(work, [2017, 2018, 2019]) == [
        Volume(2017, 2017, 0, 0),
        Volume(2018, 2018, 7, 7),
        Volume(2019, 2019, 7, 14),
        Volume(2017, 2019, 7, 21),
    ]


def test_volume_of_no_year_is_refused(whole_city: Work) -> None:
    with pytest.raises(RuleBroken):
        service.volume(whole_city, [])
