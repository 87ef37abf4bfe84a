"""Every table that is published, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.needs.events import NeedTold
from nyefamilier.needs.states import NeedStep
from nyefamilier.offers.events import (
    ChildBorn,
    EnrolmentEnded,
    FamilyIdentified,
    LanguageKnown,
    OfferAnswered,
    OfferMade,
)
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState, LanguageGroup
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from nyefamilier.uptake.counting import Counted, counted
from nyefamilier.uptake.ledger import Heard
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, Tabulation
from nyefamilier.visits.events import VisitDone
from nyefamilier.visits.states import Interpreting

STOVNER, ALNA = BydelNumber("11"), BydelNumber("12")
OURS, NFP = "nye_familier", "nfp"
TODAY = date(2026, 11, 22)


def month(number: int, year: int = 2025) -> date:
    return date(year, number, 1)


FEBRUARY, MARCH, JUNE = month(2), month(3), month(6)


class Told:
    """Tells of families in a few words, each with a key of its own."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._keys: Iterator[UUID] = (UUID(int=n) for n in range(1, 100_000))

    def family(
        self,
        *facts: Heard,
        bydel: BydelNumber | None = STOVNER,
        known: date = FEBRUARY,
        basis: Basis | None = Basis.FIRST_CHILD,
    ) -> None:
        """One that was identified; its other facts are told under its key."""
        key = next(self._keys)
        first = FamilyIdentified(key, bydel, known, basis)
        service.load(self.work, [first, *(_under(key, fact) for fact in facts)])

    def table(
        self, name: str, first: int = 2025, last: int = 2025, today: date = TODAY
    ) -> dict[tuple[int, str | None, str], dict[str, int]]:
        """What is counted, by line; columns that are zero are left out."""
        self.work.session.flush()
        found: dict[tuple[int, str | None, str], dict[str, int]] = {}
        for one in self.every(name, first, last, today):
            line = found.setdefault((one.year, one.area, one.line), {})
            if one.value:
                line[one.column] = one.value
        return found

    def every(self, name: str, first: int, last: int, today: date = TODAY) -> list[Counted]:
        """The same, as it is counted."""
        return counted(self.work.session, BY_ID[name], first, last, today)


def _under(key: UUID, fact: Heard) -> Heard:
    return type(fact)(**{**_fields(fact), "participation": key})  # type: ignore[arg-type]


def _fields(fact: Heard) -> dict[str, object]:
    return {name: getattr(fact, name) for name in type(fact).__dataclass_fields__}


NOBODY = UUID(int=0)


def offer(at: date = MARCH, programme: str = OURS, basis: Basis = Basis.FIRST_CHILD) -> OfferMade:
    return OfferMade(NOBODY, STOVNER, at, programme, basis, Channel.LETTER)


def answer(
    said: Answer, at: date = MARCH, programme: str = OURS, *, soon: bool = False, late: bool = False
) -> OfferAnswered:
    return OfferAnswered(NOBODY, STOVNER, at, programme, said, in_time=soon, after_birth=late)


def born(at: date = JUNE, home: date | None = None) -> ChildBorn:
    return ChildBorn(NOBODY, STOVNER, at, home)


def need(
    step: NeedStep, theme: str | None = "sovn", at: date = JUNE, bydel: BydelNumber | None = STOVNER
) -> NeedTold:
    return NeedTold(NOBODY, bydel, at, theme, step)


def speaks(group: LanguageGroup) -> LanguageKnown:
    return LanguageKnown(NOBODY, STOVNER, MARCH, group)


def ended(state: EnrolmentState, at: date) -> EnrolmentEnded:
    return EnrolmentEnded(NOBODY, STOVNER, at, OURS, state)


YES = answer(Answer.YES)


def visit(
    at: date = JUNE,
    *,
    bydel: BydelNumber | None = STOVNER,
    minutes: int = 60,
    programme: str | None = OURS,
    codes: tuple[str, ...] = (),
    weeks: int | None = None,
    by_own_nurse: bool = True,
    other_parent: bool = False,
    interpreter: Interpreting | None = None,
) -> VisitDone:
    ours = () if programme is None else ("programvisit",)
    return VisitDone(
        NOBODY, bydel, at, programme, "avtalt", minutes, at_home=True, counts_as=(*ours, *codes),
        by_own_nurse=by_own_nurse, other_parent_present=other_parent, weeks=weeks,
        interpreter=interpreter,
    )  # fmt: skip


@pytest.fixture
def told(work: Work) -> Told:
    return Told(work)


def of_stovner(columns: dict[str, int]) -> dict[tuple[int, str | None, str], dict[str, int]]:
    return {(2025, None, "11"): columns}


def test_uptake_counts_each_family_once_in_each_of_its_two_splits(told: Told) -> None:
    told.family()
    told.family(offer())
    told.family(offer(), answer(Answer.UNANSWERED))
    told.family(offer(), answer(Answer.LATER), answer(Answer.YES), visit())
    told.family(offer(), answer(Answer.YES))
    told.family(offer(), answer(Answer.NO))
    told.family(offer(), answer(Answer.LATER))
    told.family(basis=None)
    told.family(offer(programme=NFP), answer(Answer.YES, programme=NFP))
    assert told.table("uptake") == of_stovner(
        {
            "not_offered": 1, "accepted": 2, "declined": 1, "later": 1, "unanswered": 2,
            "reached": 1, "not_reached": 6,
        }
    )  # fmt: skip


def test_a_protected_family_has_a_line_of_its_own_and_each_year_its_lines(told: Told) -> None:
    told.family(bydel=None)
    told.family(bydel=ALNA, known=month(12))
    told.family(known=month(1, 2026))
    told.family(known=month(12, 2024))
    assert told.table("uptake", 2025, 2026) == {
        (2025, None, "00"): {"not_offered": 1, "not_reached": 1},
        (2025, None, "12"): {"not_offered": 1, "not_reached": 1},
        (2026, None, "11"): {"not_offered": 1, "not_reached": 1},
    }


def test_a_line_has_every_leaf_though_it_is_zero(told: Told) -> None:
    told.family()
    leaves = {one.column: one.value for one in told.every("uptake", 2025, 2025)}
    assert set(leaves) == set(BY_ID["uptake"].leaves)
    assert sum(leaves.values()) == 2


def test_a_year_without_families_has_no_line(told: Told) -> None:
    told.family()
    assert told.every("uptake", 2020, 2024) == []
    assert told.every("uptake", 2026, 2020) == []


def test_tertials_are_counted_in_each_bydel_and_not_for_protected_families(told: Told) -> None:
    for number in (1, 4, 5, 8, 9, 12):
        told.family(known=month(number))
    told.family(known=month(4), bydel=ALNA)
    told.family(known=month(4), bydel=None)
    two, one = ({"not_offered": n, "not_reached": n} for n in (2, 1))
    assert told.table("uptake_by_tertial") == {
        (2025, "11", "t1"): two,
        (2025, "11", "t2"): two,
        (2025, "11", "t3"): two,
        (2025, "12", "t1"): one,
    }


def test_newborns_are_counted_by_the_tertial_of_the_birth(told: Told) -> None:
    for number, bydel in ((2, STOVNER), (4, STOVNER), (5, STOVNER), (9, ALNA), (9, None)):
        told.family(born(month(number)), bydel=bydel)
    told.family(born(month(5)), visit(at=month(5), codes=("nyfodt_7_10",)))
    assert told.table("newborn_visit_by_tertial") == {
        (2025, "11", "t1"): {"not_in_time": 2},
        (2025, "11", "t2"): {"in_time": 1, "not_in_time": 1},
        (2025, "12", "t3"): {"not_in_time": 1},
    }


def test_visits_by_the_own_nurse_are_counted_by_the_tertial_of_the_visit(told: Told) -> None:
    told.family(visit(at=month(4)), visit(at=month(5), by_own_nurse=False))
    told.family(visit(at=month(12), bydel=ALNA))
    told.family(visit(at=month(12), bydel=None), bydel=None)
    assert told.table("continuity_by_tertial") == {
        (2025, "11", "t1"): {"own_nurse": 1},
        (2025, "11", "t2"): {"another_nurse": 1},
        (2025, "12", "t3"): {"own_nurse": 1},
    }


def test_uptake_by_basis_has_protected_families_in_it(told: Told) -> None:
    told.family(offer(basis=Basis.EXTENDED_NEED), basis=None)
    told.family(bydel=None)
    assert told.table("uptake_by_basis") == {
        (2025, None, "flerbarn_utvidet_behov"): {"unanswered": 1, "not_reached": 1},
        (2025, None, "forste_barn"): {"not_offered": 1, "not_reached": 1},
    }


def test_visits_of_the_programme_are_counted_where_and_when_they_were(told: Told) -> None:
    told.family(visit(), visit(minutes=59), visit(bydel=ALNA), visit(month(1, 2026)))
    told.family(visit(programme=None), visit(programme=NFP), visit(bydel=None))
    assert told.table("visits") == {
        (2025, None, "00"): {"at_least_an_hour": 1},
        (2025, None, "11"): {"at_least_an_hour": 1, "shorter": 1},
        (2025, None, "12"): {"at_least_an_hour": 1},
    }


def test_uptake_by_language_has_a_line_for_who_told_none(told: Told) -> None:
    told.family(speaks(LanguageGroup.NORWEGIAN), speaks(LanguageGroup.INTERPRETER), offer())
    told.family(offer())
    one = {"unanswered": 1, "not_reached": 1}
    assert told.table("uptake_by_language") == {
        (2025, None, "tolk"): one,
        (2025, None, "ukjent"): one,
    }


def test_an_answer_is_in_time_within_a_fortnight_of_the_offer(told: Told) -> None:
    told.family(offer(), answer(Answer.LATER, soon=True), answer(Answer.NO))
    told.family(offer(), answer(Answer.YES))
    told.family(offer())
    told.family()
    assert told.table("answered_in_time") == of_stovner(
        {"within_14_days": 1, "not_within_14_days": 2}
    )


@pytest.mark.parametrize(("day", "column"), [(13, "too_early"), (14, "within_14_days")])
def test_an_offer_is_judged_when_a_fortnight_has_passed_since_its_month(
    told: Told, day: int, column: str
) -> None:
    told.family(offer(), answer(Answer.YES, soon=True))
    found = told.table("answered_in_time", today=date(2025, 4, day))
    assert found == of_stovner({column: 1})


def test_weeks_are_counted_to_the_first_visit(told: Told) -> None:
    for weeks in (0, 4, 5, 8, 9, 40, None):
        told.family(offer(), YES, visit(weeks=weeks))
    told.family(offer(), YES, visit(weeks=9), visit(weeks=4))
    told.family(offer(), YES)
    assert told.table("offer_to_visit") == of_stovner(
        {"weeks_0_4": 3, "weeks_5_8": 2, "weeks_9_or_more": 2, "weeks_unknown": 1}
    )


def test_the_funnel_is_of_the_year_of_birth(told: Told) -> None:
    told.family(born(), known=month(11, 2024))
    told.family(born(), offer())
    told.family(born(), offer(), YES)
    told.family(born(), offer(), YES, visit())
    told.family(born(), offer(), answer(Answer.NO), visit())
    told.family(born(), offer(), answer(Answer.LATER))
    told.family(born(month(1, 2026)), offer(), YES)
    told.family(offer(), YES)
    told.family(born(), offer(programme=NFP), answer(Answer.YES, programme=NFP))
    assert told.table("funnel") == of_stovner(
        {
            "not_offered": 1, "unanswered": 1, "not_visited": 1, "visited": 1, "declined": 1,
            "later": 1,
        }
    )  # fmt: skip


def test_families_that_nfp_follows_are_counted_apart_from_all_others(told: Told) -> None:
    with_nfp = (offer(programme=NFP), answer(Answer.YES, programme=NFP))
    back = EnrolmentEnded(NOBODY, STOVNER, month(9), NFP, EnrolmentState.WITHDRAWN)
    moved = EnrolmentEnded(NOBODY, STOVNER, month(9), NFP, EnrolmentState.MOVED_OUT)
    told.family(born(), *with_nfp, basis=None)
    told.family(born(), *with_nfp, moved)
    told.family(born(), *with_nfp, bydel=ALNA)
    told.family(born(), *with_nfp, bydel=None)
    told.family(born(month(1, 2026)), *with_nfp)
    told.family(*with_nfp)
    told.family(born(), *with_nfp, back)
    told.family(born(), offer(programme=NFP), answer(Answer.NO, programme=NFP))
    told.family(born(), offer(), YES)
    assert told.table("followed_by_nfp") == {
        (2025, None, "11"): {"covered_by_nfp": 2},
        (2025, None, "12"): {"covered_by_nfp": 1},
        (2025, None, "00"): {"covered_by_nfp": 1},
    }
    assert told.table("funnel") == of_stovner({"not_offered": 2, "not_visited": 1})


def test_a_birth_that_is_dated_anew_moves_to_its_year(told: Told) -> None:
    told.family(born(month(1, 2026)), offer(), born(month(12)))
    assert told.table("funnel", 2025, 2026) == of_stovner({"unanswered": 1})


def test_who_is_active_is_asked_of_those_who_are_old_enough(told: Told) -> None:
    withdrawn, moved, lost = (
        EnrolmentState.WITHDRAWN,
        EnrolmentState.MOVED_OUT,
        EnrolmentState.ENDED_BY_LOSS,
    )
    joined = (born(month(6, 2023)), offer(month(3, 2023)), answer(Answer.YES, month(3, 2023)))
    for end in (
        ended(withdrawn, month(8, 2023)),
        ended(withdrawn, month(9, 2023)),
        ended(moved, month(7, 2023)),
        ended(lost, month(5, 2024)),
        ended(moved, month(6, 2024)),
        ended(withdrawn, month(6, 2025)),
        ended(EnrolmentState.COMPLETED, month(1, 2024)),
    ):
        told.family(*joined, end, known=month(2, 2023))
    told.family(*joined, ended(withdrawn, month(7, 2023)), answer(Answer.YES, month(9, 2023)))
    assert told.table("active", 2023, 2023) == {
        (2023, None, "11"): {
            "left_before_3": 1,
            "moved_or_lost_before_3": 1,
            "left_before_12": 1,
            "moved_or_lost_before_12": 1,
            "moved_or_lost_before_24": 1,
            "active_24": 3,
        }
    }


@pytest.mark.parametrize(
    ("today", "column"),
    [
        (date(2025, 9, 30), "younger_than_3"),
        (date(2025, 10, 1), "left_before_3"),
    ],
)
def test_whoever_left_is_judged_no_sooner_than_whoever_stayed(
    told: Told, today: date, column: str
) -> None:
    told.family(born(), offer(), YES, ended(EnrolmentState.WITHDRAWN, month(7)))
    assert told.table("active", today=today) == of_stovner({column: 1})


def test_a_child_of_a_year_is_younger_than_two(told: Told) -> None:
    told.family(born(), offer(), YES)
    tables = [told.table("active", today=date(2026, number, 30)) for number in (6, 7)]
    assert tables == [of_stovner({"younger_than_12": 1}), of_stovner({"younger_than_24": 1})]


def test_a_visit_in_pregnancy_goes_before_a_yes_that_came_too_late_for_one(told: Told) -> None:
    in_pregnancy = visit(codes=("svangerskap_fra_28",))
    told.family(born(), offer(), answer(Answer.YES, month(7)), in_pregnancy)
    told.family(born(), offer(), answer(Answer.YES, month(7)), visit())
    told.family(born(), offer(), answer(Answer.YES, JUNE, late=True))
    told.family(born(), offer(), answer(Answer.YES, JUNE))
    told.family(born(), offer(), answer(Answer.NO, JUNE))
    assert told.table("pregnancy_visit") == of_stovner(
        {"in_pregnancy": 1, "accepted_after_birth": 2, "not_in_pregnancy": 1}
    )


@pytest.mark.parametrize(
    ("table", "code"), [("newborn_visit", "nyfodt_7_10"), ("kostra_10", "kostra_10_dager")]
)
def test_a_birth_is_judged_when_ten_days_have_passed_since_its_month(
    told: Told, table: str, code: str
) -> None:
    told.family(born(), visit(programme=None, codes=(code,)))
    told.family(born(), visit(codes=("konsultasjon_1",)))
    assert told.table(table) == of_stovner({"in_time": 1, "not_in_time": 1})
    assert told.table(table, today=date(2025, 7, 9)) == of_stovner({"too_early": 2})
    assert told.table(table, today=date(2025, 7, 10)) == told.table(table)


def test_kostra_counts_ten_days_from_the_year_in_which_it_first_asked_for_them(told: Told) -> None:
    told.family(born(month(12, 2024)), offer())
    assert told.table("kostra_10", 2013, 2025) == {}
    assert told.table("kostra_10_by_language", 2013, 2025) == {}
    told.family(born(month(1)), speaks(LanguageGroup.OTHER))
    assert told.table("kostra_10_by_language", 2013, 2025) == {
        (2025, None, "annet"): {"not_in_time": 1}
    }


def test_kostras_fortnight_runs_from_the_homecoming(told: Told) -> None:
    told.family(born(home=JUNE), visit(codes=("kostra_14_dager",)))
    told.family(born(home=JUNE))
    told.family(born(), visit(codes=("kostra_14_dager",)))
    told.family(born())
    told.family(born(home=month(9)))
    assert told.table("kostra_14") == of_stovner(
        {"in_time": 2, "not_in_time": 2, "homecoming_unknown": 1}
    )
    assert told.table("kostra_14", today=date(2025, 10, 13)) == of_stovner(
        {"in_time": 2, "not_in_time": 1, "homecoming_unknown": 1, "too_early": 1}
    )


def test_dose_is_how_often_a_family_that_said_yes_was_visited(told: Told) -> None:
    for times in (0, 1, 2, 3, 4, 6, 7, 12):
        told.family(born(), offer(), YES, *[visit() for _ in range(times)])
    told.family(born(), offer(), visit())
    assert told.table("dose") == of_stovner(
        {"visits_0": 1, "visits_1": 1, "visits_2_3": 2, "visits_4_6": 2, "visits_7_or_more": 2}
    )


def test_who_was_there_and_who_came_is_counted_of_the_programmes_visits(told: Told) -> None:
    told.family(
        visit(other_parent=True, interpreter=Interpreting.QUALIFIED),
        visit(by_own_nurse=False, interpreter=Interpreting.UNQUALIFIED),
        visit(codes=("uplanlagt",), interpreter=Interpreting.ABSENT),
        visit(),
        visit(programme=NFP, other_parent=True, interpreter=Interpreting.QUALIFIED),
    )
    assert told.table("continuity") == of_stovner({"own_nurse": 3, "another_nurse": 1})
    assert told.table("other_parent") == of_stovner(
        {"other_parent_there": 1, "other_parent_not_there": 3}
    )
    assert told.table("interpreter") == of_stovner(
        {"qualified": 1, "unqualified": 1, "absent": 1, "not_needed": 1}
    )
    assert told.table("planning") == of_stovner({"planned": 3, "unscheduled": 1})


def test_needs_are_counted_by_what_became_of_them_and_by_theme(told: Told) -> None:
    stated, reviewed, met = (
        need(one) for one in (NeedStep.STATED, NeedStep.REVIEWED, NeedStep.MET)
    )
    told.family(stated, stated, reviewed, met)
    told.family(stated, reviewed, bydel=None)
    told.family(
        need(NeedStep.STATED, None, bydel=ALNA),
        need(NeedStep.REVIEWED, None, bydel=ALNA),
        need(NeedStep.NO_LONGER_WISHED, None, bydel=ALNA),
    )
    told.family(need(NeedStep.STATED, at=month(1, 2026)))
    of_sleep = {"not_reviewed": 1, "met": 1, "still_open": 1}
    assert told.table("needs") == {
        (2025, None, "11"): of_sleep,
        (2025, None, "12"): {"no_longer_wished": 1},
    }
    assert told.table("needs_by_theme") == {
        (2025, None, "sovn"): of_sleep,
        (2025, None, "uten_tema"): {"no_longer_wished": 1},
    }


def test_families_are_counted_where_they_were_visited_last_in_the_year(told: Told) -> None:
    told.family(visit(FEBRUARY), visit(JUNE, bydel=ALNA), visit(month(1, 2026)))
    told.family(visit(JUNE), visit(JUNE, minutes=59), visit(JUNE, programme=NFP))
    told.family(visit(FEBRUARY), visit(JUNE, bydel=ALNA, minutes=30))
    told.family(visit(minutes=45))
    told.family(visit(JUNE), visit(JUNE, bydel=None))
    assert told.table("families_visited", 2025, 2026) == {
        (2025, None, "11"): {"one_visit": 2},
        (2025, None, "12"): {"several_visits": 1},
        (2025, None, "00"): {"several_visits": 1},
        (2026, None, "11"): {"one_visit": 1},
    }


@pytest.mark.parametrize("table", TABULATIONS, ids=lambda table: table.id)
def test_every_table_that_is_published_is_counted_by_its_leaves(
    told: Told, table: Tabulation
) -> None:
    told.family(born(), offer(), YES, visit(), need(NeedStep.STATED))
    told.family(born(), offer(programme=NFP), answer(Answer.YES, programme=NFP))
    found = told.every(table.id, 2025, 2025)
    assert sorted(one.column for one in found) == sorted(table.leaves)
