"""Many mutations at once are what they are one after the other."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply, apply_all
from nyefamilier.families.tables import FamilyRow
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, RuleBroken
from nyefamilier.kernel.ids import MutationId
from nyefamilier.needs.intents import StateNeed
from nyefamilier.offers.states import Basis
from nyefamilier.offers.views import enrolments, offers
from nyefamilier.visits.views import plan
from tests.builders import DAY, Household, address
from tests.cities import TERM


def says_yes(home, **more):
    operations = (home.registration(**more), home.expects(TERM), home.is_offered(), home.says())
    return Mutation(MutationId(uuid4()), home.id, operations)


def send_all(city, *mutations, actor=SYSTEM):
    with city.programme.work(actor, "test") as work:
        return apply_all(work, mutations)


def seen(city, home):
    """What can be seen of a family, without the ids that differ from one to the next."""
    with city.programme.work(SYSTEM, "test") as work:
        found = family(work, home.id)
        return (
            found.rev,
            found.bydel,
            [(one.role, one.name, one.phone, one.rev) for one in found.members],
            [(one.term, one.basis, one.outcome, one.rev) for one in found.pregnancies],
            [(one.delbydel, one.lines, one.valid_from) for one in found.addresses],
            [(one.programme, one.answer) for one in offers(work, home.id)],
            [(one.state, one.protocol_version) for one in enrolments(work, home.id)],
            [(one.kind, one.state, one.opens) for one in plan(work, home.id).anchors],
        )


def test_they_leave_the_same_behind(city):
    alone, together = Household(), [Household() for _ in range(5)]

    with city.programme.work(SYSTEM, "test") as work:
        apply(work, says_yes(alone))
    answers = send_all(city, *map(says_yes, together))

    assert [one.family_id for one in answers] == [one.id for one in together]
    for one in together:
        assert seen(city, one) == seen(city, alone)


def test_a_refused_one_leaves_none(city):
    good, bad = Household(), Household()
    unknown = address(delbydel="0301999876")
    mutations = [says_yes(good), says_yes(bad, place=unknown)]

    with pytest.raises(RuleBroken, match="unknown-delbydel"):
        send_all(city, *mutations)

    with city.programme.sessions() as session:
        assert session.scalars(select(FamilyRow)).all() == []
        assert session.scalars(select(MutationRow)).all() == []


def test_those_that_were_taken_in_before_are_answered_again(city):
    first, second = says_yes(Household()), says_yes(Household())
    with city.programme.work(SYSTEM, "test") as work:
        apply(work, first)

    answers = send_all(city, second, first)

    assert [one.replayed for one in answers] == [False, True]


def test_an_id_that_another_family_has_is_told(city):
    home = Household()
    send_all(city, says_yes(home))

    with pytest.raises(Conflict, match="family-exists"):
        send_all(city, says_yes(Household()), says_yes(Household(id=home.id)))
    with pytest.raises(Conflict, match="id-taken"):
        send_all(city, says_yes(Household(mother=home.mother)))


def test_two_of_one_family_are_not_applied_at_once(city):
    home = Household()
    mutations = [says_yes(home), Mutation(MutationId(uuid4()), home.id, ())]
    with pytest.raises(ValueError, match="family"):
        send_all(city, *mutations)


def test_families_that_are_there_are_written_at_once_too(city):
    homes = [Household() for _ in range(3)]
    send_all(city, *map(says_yes, homes), actor=city.ours)
    needs = [
        Mutation(MutationId(uuid4()), one.id, (StateNeed(uuid4(), one.mother, "Ro"),))
        for one in homes
    ]
    assert [one.rev for one in send_all(city, *needs, actor=city.ours)] == [2, 2, 2]


def test_a_second_open_pregnancy_within_a_registration_is_still_refused(city):
    home = Household()
    twice = (
        home.registration(),
        home.expects(TERM),
        Household(id=home.id).expects(TERM, Basis.FIRST_CHILD),
    )
    with pytest.raises(RuleBroken, match="pregnancy-open"):
        send_all(city, Mutation(MutationId(uuid4()), home.id, twice))


def test_a_second_open_offer_within_a_registration_is_still_refused(city):
    home = Household()
    again = Household(id=home.id, pregnancy=home.pregnancy)
    twice = (home.registration(), home.expects(TERM), home.is_offered(), again.is_offered(DAY))
    with pytest.raises(RuleBroken, match="offer-open"):
        send_all(city, Mutation(MutationId(uuid4()), home.id, twice))
