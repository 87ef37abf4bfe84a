from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import EnrolmentEnded, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from nyefamilier.uptake.ledger import Heard
from nyefamilier.uptake.tables import Participation, ToldFact, VisitCount
from nyefamilier.visits.events import VisitDone

KEY = UUID(int=11)
STOVNER = BydelNumber("11")
ALNA = BydelNumber("12")
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)

HEARERS = {
    FamilyIdentified: service.hear_identified,
    OfferMade: service.hear_offer,
    OfferAnswered: service.hear_answer,
    EnrolmentEnded: service.hear_enrolment_ended,
    VisitDone: service.hear_visit,
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
    }
    assert (row.told, row.step, row.id.version) == (date(2026, 11, 1), 1, 4)


KEYS = st.sampled_from([UUID(int=n) for n in (11, 12, 13)])
BYDELER = st.sampled_from([STOVNER, ALNA, None])
MONTHS = st.sampled_from([MARCH, APRIL, MAY])
PROGRAMMES = st.sampled_from(["nye_familier", "nfp", "annet_program"])
KINDS = st.sampled_from(["avtalt", "nyfodt"])
COUNTS_AS = st.lists(st.sampled_from(["programvisit", "konsultasjon_1"]), unique=True).map(tuple)
WHERE = (KEYS, BYDELER, MONTHS)
FACTS = st.one_of(
    st.builds(FamilyIdentified, *WHERE, st.none() | st.sampled_from(Basis)),
    st.builds(OfferMade, *WHERE, PROGRAMMES, st.sampled_from(Basis), st.sampled_from(Channel)),
    st.builds(OfferAnswered, *WHERE, PROGRAMMES, st.sampled_from(Answer)),
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
    ),
)


def projection(work: Work) -> list[Sequence[object]]:
    participations = text("SELECT * FROM participation ORDER BY key")
    visits = text("SELECT * FROM visit_count ORDER BY participation, month, bydel, kind")
    return [row for query in (participations, visits) for row in work.session.execute(query).all()]


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
