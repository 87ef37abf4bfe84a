from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

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
from nyefamilier.uptake.ledger import Heard
from nyefamilier.uptake.tables import NeedCount, Participation, ToldFact, VisitCount
from nyefamilier.visits.events import VisitDone
from nyefamilier.visits.states import Interpreting

KEY = UUID(int=11)
TOLK, NORSK = LanguageGroup.INTERPRETER, LanguageGroup.NORWEGIAN
STOVNER = BydelNumber("11")
ALNA = BydelNumber("12")
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)

HEARERS = {
    FamilyIdentified: service.hear_identified,
    OfferMade: service.hear_offer,
    OfferAnswered: service.hear_answer,
    EnrolmentEnded: service.hear_enrolment_ended,
    ChildBorn: service.hear_birth,
    LanguageKnown: service.hear_language,
    VisitDone: service.hear_visit,
    NeedTold: service.hear_need,
}


def tell(work: Work, *facts: Heard) -> None:
    for fact in facts:
        HEARERS[type(fact)](work, fact)  # type: ignore[arg-type]
    work.session.flush()


def visit(
    month: date = MAY,
    *,
    key: UUID = KEY,
    programme: str | None = "nye_familier",
    minutes: int = 60,
    counts_as: tuple[str, ...] = ("programvisit",),
    bydel: BydelNumber | None = STOVNER,
    kind: str = "avtalt",
) -> VisitDone:
    return VisitDone(
        key, bydel, month, programme, kind, minutes, at_home=True, counts_as=counts_as,
        by_own_nurse=True, other_parent_present=False,
    )  # fmt: skip


def offer(
    month: date = MARCH, programme: str = "nye_familier", basis: Basis = Basis.FIRST_CHILD
) -> OfferMade:
    return OfferMade(KEY, STOVNER, month, programme, basis, Channel.MIDWIFE)


def answer(given: Answer, month: date = APRIL, programme: str = "nye_familier") -> OfferAnswered:
    return OfferAnswered(KEY, STOVNER, month, programme, given)


def standing(work: Work) -> Participation:
    work.session.expire_all()
    return work.session.scalars(select(Participation).where(Participation.key == KEY)).one()


def test_a_family_is_followed_from_identified_to_its_first_visit(work: Work) -> None:
    tell(
        work,
        FamilyIdentified(KEY, STOVNER, MARCH, None),
        offer(),
        answer(Answer.YES),
        visit(MAY),
        visit(APRIL),
    )
    row = standing(work)
    assert (row.cohort, row.bydel, row.basis) == (MARCH, "11", "forste_barn")
    assert (row.offered, row.answer, row.answered) == (MARCH, "ja", APRIL)
    assert (row.first_visit, row.visits, row.steps) == (APRIL, 2, 5)


def test_the_first_told_decides_the_cohort_and_its_bydel(work: Work) -> None:
    tell(work, FamilyIdentified(KEY, STOVNER, MARCH, Basis.FIRST_CHILD))
    tell(work, FamilyIdentified(KEY, ALNA, APRIL, Basis.EXTENDED_NEED))
    row = standing(work)
    assert (row.cohort, row.bydel, row.basis) == (MARCH, "11", "forste_barn")


def test_a_basis_that_nobody_had_established_comes_with_the_offer(work: Work) -> None:
    tell(work, FamilyIdentified(KEY, None, MARCH, None))
    assert standing(work).basis is None
    tell(work, offer(basis=Basis.FIRST_CHILD_IN_NORWAY))
    assert (standing(work).basis, standing(work).bydel) == ("forste_barn_i_norge", None)


def test_the_answer_told_last_counts_even_within_a_month(work: Work) -> None:
    tell(work, offer(), answer(Answer.LATER), answer(Answer.YES), answer(Answer.NO))
    assert standing(work).answer == "nei"
    assert service.drift(work) == 0


def test_yes_to_nfp_covers_the_family_and_withdrawing_gives_it_back(work: Work) -> None:
    tell(work, offer(programme="nfp"))
    assert not standing(work).covered
    tell(work, answer(Answer.YES, programme="nfp"))
    assert standing(work).covered
    tell(work, EnrolmentEnded(KEY, STOVNER, MAY, "nfp", EnrolmentState.COMPLETED))
    assert standing(work).covered
    tell(work, EnrolmentEnded(KEY, STOVNER, MAY, "nfp", EnrolmentState.WITHDRAWN))
    row = standing(work)
    assert (row.covered, row.offered, row.answer) == (False, None, None)


def test_a_new_yes_reopens_what_had_ended(work: Work) -> None:
    tell(work, answer(Answer.YES))
    tell(work, EnrolmentEnded(KEY, STOVNER, MAY, "nye_familier", EnrolmentState.WITHDRAWN))
    assert (standing(work).ended, standing(work).ended_month) == ("withdrawn", MAY)
    tell(work, answer(Answer.YES, MAY))
    assert (standing(work).ended, standing(work).ended_month) == (None, None)


def test_only_visits_of_our_programme_count_and_only_an_hour_makes_volume(work: Work) -> None:
    tell(
        work,
        visit(minutes=59),
        visit(minutes=60),
        visit(programme="nfp"),
        visit(programme=None, counts_as=("kostra_10_dager",)),
        visit(bydel=None),
    )
    assert standing(work).visits == 3
    rows = work.session.scalars(select(VisitCount)).all()
    assert {(row.bydel, row.visits, row.programme_visits, row.counted_visits) for row in rows} == {
        ("11", 4, 2, 1),
        ("00", 1, 1, 1),
    }


def test_a_fact_keeps_codes_and_quarters_of_an_hour_and_no_minute(work: Work) -> None:
    tell(work, visit(minutes=74))
    row = work.session.scalars(select(ToldFact)).one()
    assert row.payload == {
        "programme": "nye_familier",
        "kind": "avtalt",
        "quarters": 4,
        "at_home": True,
        "counts_as": ["programvisit"],
        "by_own_nurse": True,
        "other_parent_present": False,
        "weeks": None,
        "interpreter": None,
    }
    assert (row.told, row.step, row.id.version) == (date(2026, 11, 1), 1, 4)


def test_the_birth_and_the_language_told_last_count(work: Work) -> None:
    tell(work, ChildBorn(KEY, STOVNER, APRIL), LanguageKnown(KEY, STOVNER, MARCH, TOLK))
    tell(work, ChildBorn(KEY, ALNA, MARCH, APRIL), LanguageKnown(KEY, STOVNER, MAY, NORSK))
    row = standing(work)
    assert (row.born, row.home, row.language) == (MARCH, APRIL, "norsk")


def test_one_answer_in_time_is_enough_and_the_last_answer_says_whether_it_came_late(
    work: Work,
) -> None:
    soon = OfferAnswered(
        KEY, STOVNER, MARCH, "nye_familier", Answer.LATER, in_time=True, after_birth=True
    )
    tell(work, offer(), soon)
    assert (standing(work).in_time, standing(work).after_birth) == (True, True)
    tell(work, answer(Answer.YES))
    assert (standing(work).in_time, standing(work).after_birth) == (True, False)


def test_a_visit_in_time_marks_a_family_for_good_though_no_programme_made_it(work: Work) -> None:
    codes = ("kostra_10_dager", "kostra_14_dager", "nyfodt_7_10", "svangerskap_fra_28")
    tell(work, visit(programme=None, counts_as=codes), visit())
    row = standing(work)
    assert (row.kostra_10, row.kostra_14, row.newborn, row.in_pregnancy) == (True,) * 3 + (False,)


def test_the_first_visit_of_the_programme_is_the_one_with_the_fewest_weeks(work: Work) -> None:
    tell(work, replace(visit(), weeks=9), replace(visit(), weeks=None), replace(visit(), weeks=4))
    tell(work, replace(visit(programme="nfp"), weeks=1))
    assert standing(work).first_weeks == 4


def test_what_happened_at_visits_is_counted_of_our_programme_alone(work: Work) -> None:
    met = replace(visit(), other_parent_present=True, interpreter=Interpreting.QUALIFIED)
    alone = replace(visit(), by_own_nurse=False, interpreter=Interpreting.UNQUALIFIED)
    called = visit(counts_as=("programvisit", "uplanlagt"))
    tell(work, met, alone, called, replace(called, interpreter=Interpreting.ABSENT))
    tell(work, replace(met, programme="nfp"))
    row = work.session.scalars(select(VisitCount)).one()
    assert (row.programme_visits, row.own_nurse, row.other_parent) == (4, 3, 1)
    assert (row.qualified, row.unqualified, row.absent, row.unscheduled) == (1, 1, 1, 2)


def test_a_need_is_counted_where_and_when_it_was_stated_whatever_becomes_of_it(
    work: Work,
) -> None:
    tell(work, NeedTold(KEY, STOVNER, MARCH, "sovn", NeedStep.STATED))
    tell(work, NeedTold(KEY, STOVNER, MARCH, "sovn", NeedStep.STATED))
    tell(work, NeedTold(KEY, ALNA, MARCH, "sovn", NeedStep.REVIEWED))
    tell(work, NeedTold(KEY, ALNA, MARCH, "sovn", NeedStep.MET))
    tell(work, NeedTold(KEY, None, APRIL, None, NeedStep.STATED))
    rows = work.session.scalars(select(NeedCount).order_by(NeedCount.month)).all()
    assert [(row.bydel, row.theme, row.stated, row.reviewed, row.met) for row in rows] == [
        ("11", "sovn", 2, 1, 1),
        ("00", "uten_tema", 1, 0, 0),
    ]


def test_the_longest_visit_fits_into_a_fact(work: Work) -> None:
    every = tuple(code for code in CODES if code != "svangerskap_fra_28")
    longest = replace(visit(kind="svangerskap_uke_28", counts_as=every), weeks=104)
    tell(work, replace(longest, interpreter=Interpreting.UNQUALIFIED, minutes=600))
    assert service.drift(work) == 0


KEYS = st.sampled_from([UUID(int=n) for n in (11, 12, 13)])
BYDELER = st.sampled_from([STOVNER, ALNA, None])
MONTHS = st.sampled_from([MARCH, APRIL, MAY])
PROGRAMMES = st.sampled_from(["nye_familier", "nfp", "annet_program"])
KINDS = st.sampled_from(["avtalt", "nyfodt"])
CODES = ("programvisit", "konsultasjon_1", "kostra_10_dager", "kostra_14_dager", "nyfodt_7_10",
         "svangerskap_fra_28", "uplanlagt")  # fmt: skip
COUNTS_AS = st.lists(st.sampled_from(CODES), unique=True).map(tuple)
STEPS = st.sampled_from(NeedStep)
WHERE = (KEYS, BYDELER, MONTHS)
FACTS = st.one_of(
    st.builds(FamilyIdentified, *WHERE, st.none() | st.sampled_from(Basis)),
    st.builds(OfferMade, *WHERE, PROGRAMMES, st.sampled_from(Basis), st.sampled_from(Channel)),
    st.builds(
        OfferAnswered,
        *WHERE,
        PROGRAMMES,
        st.sampled_from(Answer),
        in_time=st.booleans(),
        after_birth=st.booleans(),
    ),
    st.builds(ChildBorn, *WHERE, st.none() | MONTHS),
    st.builds(LanguageKnown, *WHERE, st.sampled_from(LanguageGroup)),
    st.builds(EnrolmentEnded, *WHERE, PROGRAMMES, st.sampled_from(EnrolmentState)),
    st.builds(
        VisitDone,
        *WHERE,
        st.none() | PROGRAMMES,
        KINDS,
        st.integers(0, 120),
        at_home=st.booleans(),
        counts_as=COUNTS_AS,
        by_own_nurse=st.booleans(),
        other_parent_present=st.booleans(),
        weeks=st.none() | st.integers(0, 60),
        interpreter=st.none() | st.sampled_from(Interpreting),
    ),
    st.builds(NeedTold, *WHERE, st.none() | st.sampled_from(["sovn", "helse"]), STEPS),
)


def projection(work: Work) -> list[Sequence[object]]:
    participations = text("SELECT * FROM participation ORDER BY key")
    visits = text("SELECT * FROM visit_count ORDER BY participation, month, bydel, kind")
    needs = text("SELECT * FROM need_count ORDER BY participation, month, theme")
    queries = participations, visits, needs
    return [row for query in queries for row in work.session.execute(query).all()]


def told(work: Work) -> list[Sequence[object]]:
    query = "SELECT participation, step, kind, bydel, month, told, payload, mixed FROM fact"
    return list(work.session.execute(text(f"{query} ORDER BY participation, step")).all())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(FACTS, max_size=25))
def test_the_projection_is_what_rebuilding_from_the_facts_gives(
    work: Work, facts: list[Heard]
) -> None:
    with work.session.begin_nested() as savepoint:
        tell(work, *facts)
        heard = projection(work)
        assert service.drift(work) == 0
        service.mix(work)
        assert projection(work) == heard
        service.rebuild_projections(work)
        assert projection(work) == heard
        savepoint.rollback()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(FACTS, max_size=25), st.integers(0, 25))
def test_many_facts_at_once_give_the_rows_of_one_by_one(
    work: Work, facts: list[Heard], cut: int
) -> None:
    with work.session.begin_nested() as savepoint:
        tell(work, *facts)
        one_by_one = projection(work), told(work)
        savepoint.rollback()
    with work.session.begin_nested() as savepoint:
        service.load(work, facts[:cut])
        tell(work, *facts[cut : cut + 5])
        service.load(work, facts[cut + 5 :])
        assert (projection(work), told(work)) == one_by_one
        savepoint.rollback()


def test_a_payload_takes_no_name_and_no_sentence(work: Work) -> None:
    for words in ("Kari", "familien på Stovner", "a" * 400):
        with pytest.raises(IntegrityError), work.session.begin_nested():
            tell(work, visit(kind=words[:40], counts_as=(words,)))


def test_drift_is_seen(work: Work) -> None:
    tell(work, offer())
    work.session.execute(text("UPDATE participation SET answer = 'ja'"))
    assert service.drift(work) == 2
    service.rebuild_projections(work)
    assert service.drift(work) == 0


@pytest.mark.parametrize("told", [date(2026, 11, 1), date(2026, 10, 1)])
def test_facts_are_laid_in_random_order_until_their_month_is_over(work: Work, told: date) -> None:
    tell(work, *(visit(key=UUID(int=n)) for n in range(60)))
    work.session.execute(text("UPDATE fact SET told = :told"), {"told": told})
    service.mix(work)
    rows = work.session.execute(text("SELECT id, mixed FROM fact ORDER BY ctid")).all()
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert {row.mixed for row in rows} == {told < date(2026, 11, 1)}
