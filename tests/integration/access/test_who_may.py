"""Every relation to a family against everything that one may want of it.

The table below is written by hand, from the programme's rules, not from the code.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.access.service import accesses
from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import AssignNurse, CoverNurse, MoveFamily, SetAddress
from nyefamilier.families.views import (
    families_awaiting_nurse,
    families_of_bydel,
    family,
    own_families,
)
from nyefamilier.journal.intents import WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.kernel.ids import UserId
from nyefamilier.needs.views import needs
from nyefamilier.offers.views import enrolments, offers
from nyefamilier.visits.views import plan, visits
from tests.builders import TEISEN, Household, address, lead, protected, send
from tests.emergencies import let_in

READS = (family, notes, needs, offers, enrolments, visits, plan)
OK, HIDDEN, FORBIDDEN = "ok", NotFound, NotAllowed

#        who                 reads   sees words  writes     assigns
TABLE = {
    "primary": (OK, True, OK, OK),
    "covering": (OK, True, OK, FORBIDDEN),
    "emergency": (OK, True, OK, FORBIDDEN),
    "emergency_over": (HIDDEN, None, HIDDEN, HIDDEN),
    "emergency_elsewhere": (HIDDEN, None, HIDDEN, HIDDEN),
    "former": (HIDDEN, None, HIDDEN, HIDDEN),
    "cover_over": (HIDDEN, None, HIDDEN, HIDDEN),
    "colleague": (HIDDEN, None, HIDDEN, HIDDEN),
    "elsewhere": (HIDDEN, None, HIDDEN, HIDDEN),
    "lead": (OK, False, FORBIDDEN, OK),
    "lead_elsewhere": (HIDDEN, None, HIDDEN, HIDDEN),
    "planner": (HIDDEN, None, HIDDEN, HIDDEN),
    "privacy_officer": (FORBIDDEN, None, FORBIDDEN, FORBIDDEN),
    "programme": (OK, True, OK, OK),
}
CLOSED = (HIDDEN, None, HIDDEN, HIDDEN)
PROTECTED = TABLE | {"lead": CLOSED, "emergency": CLOSED}


def stranger(role: Role) -> Actor:
    return Actor(UserId(uuid4()), role)


def cover_by_colleague(city, home) -> Actor:
    until = city.clock.today + timedelta(days=3)
    send(city.programme, city.ours, home.id, CoverNurse(uuid4(), city.colleague.id, until))
    return city.colleague


def whose_cover_is_over(city, home) -> Actor:
    colleague = cover_by_colleague(city, home)
    city.clock.forward(days=4)
    return colleague


def who_was_replaced(city, home) -> Actor:
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    return city.ours


def whose_emergency_is_over(city, home) -> Actor:
    let_in(city.programme, city.colleague, home.id)
    city.clock.forward(hours=1)
    return city.colleague


def who_is_let_in(city, home) -> Actor:
    let_in(city.programme, city.colleague, home.id)
    return city.colleague


def who_was_let_in_from_elsewhere(city, home) -> Actor:
    let_in(city.programme, city.theirs, home.id)
    return city.theirs


RELATIONS = {
    "emergency": who_is_let_in,
    "emergency_over": whose_emergency_is_over,
    "emergency_elsewhere": who_was_let_in_from_elsewhere,
    "primary": lambda city, _: city.ours,
    "covering": cover_by_colleague,
    "cover_over": whose_cover_is_over,
    "former": who_was_replaced,
    "colleague": lambda city, _: city.colleague,
    "elsewhere": lambda city, _: city.theirs,
    "lead": lambda *_: lead("11"),
    "lead_elsewhere": lambda *_: lead("12"),
    "planner": lambda *_: stranger(Role.PLANNER),
    "privacy_officer": lambda *_: stranger(Role.PRIVACY_OFFICER),
    "programme": lambda *_: SYSTEM,
}


def outcome(call) -> object:
    try:
        call()
    except (NotFound, NotAllowed) as refusal:
        return type(refusal)
    return OK


def read(city, actor, home, view):
    with city.programme.work(actor, "test") as work:
        return view(work, home.id)


@pytest.mark.parametrize("place", ["open", "protected"])
@pytest.mark.parametrize("relation", TABLE)
def test_each_relation_may_what_the_table_says(city, home, relation, place):
    send(city.programme, city.ours, home.id, WriteNote(uuid4(), home.mother, "Ord"))
    if place == "protected":
        send(city.programme, city.ours, home.id, SetAddress(protected()))
    reads, words, writes, assigns = (PROTECTED if place == "protected" else TABLE)[relation]
    actor = RELATIONS[relation](city, home)

    for view in READS:
        assert outcome(lambda view=view: read(city, actor, home, view)) == reads, view.__name__
    if reads is OK:
        texts = [one.text for one in read(city, actor, home, notes)]
        assert texts == (["Ord"] if words else [None])
    note = WriteNote(uuid4(), home.mother, "Mer")
    assert outcome(lambda: send(city.programme, actor, home.id, note)) == writes
    assign = AssignNurse(uuid4(), city.theirs.id)
    assert outcome(lambda: send(city.programme, actor, home.id, assign)) == assigns


def test_every_read_is_written_down_with_who_what_and_why(city, home):
    with city.programme.sessions() as session:
        before = session.scalars(select(AccessRow.id)).all()
    for view in READS:
        read(city, city.ours, home, view)

    with city.programme.sessions() as session:
        rows = session.scalars(
            select(AccessRow).where(AccessRow.id.not_in(before)).order_by(AccessRow.id)
        ).all()
    assert [row.object for row in rows] == [
        "family",
        "notes",
        "needs",
        "offers",
        "enrolments",
        "visits",
        "plan",
    ]
    assert {(row.actor_id, row.ground, row.action) for row in rows} == {
        (city.ours.id, "primary_nurse", "read")
    }


def test_the_log_says_that_a_lead_was_served_no_text(city, home):
    send(city.programme, city.ours, home.id, WriteNote(uuid4(), home.mother, "Ord"))
    chief = lead("11")
    for view in READS:
        read(city, chief, home, view)
    with city.programme.work(chief, "test") as work:
        assert [one.names for one in families_of_bydel(work)] == [()]

    with city.programme.sessions() as session:
        found = select(AccessRow.object).where(AccessRow.actor_id == chief.id)
        objects = session.scalars(found.order_by(AccessRow.id)).all()
    assert objects == [
        "family-without-text",
        "notes-without-text",
        "needs-without-text",
        "offers-without-text",
        "enrolments",
        "visits-without-text",
        "plan-without-text",
        "list-without-text",
    ]


def test_a_list_is_written_down_once_for_each_family_on_it(city, home):
    with city.programme.work(city.ours, "test") as work:
        assert [one.names for one in own_families(work)] == [("Rask Bjørk", "Stille Fjell")]

    with city.programme.sessions() as session:
        logged = session.scalars(select(AccessRow.family_id).where(AccessRow.object == "list"))
        assert logged.all() == [home.id]


def test_no_log_no_data(city, home, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("the log is away")

    monkeypatch.setattr("nyefamilier.families.dossier.note_access", broken)
    with pytest.raises(RuntimeError):
        read(city, city.ours, home, notes)


def test_only_a_privacy_officer_reads_the_log_and_sees_no_words_there(city, home):
    with city.programme.work(city.ours, "test") as work, pytest.raises(NotAllowed):
        accesses(work)
    with city.programme.work(stranger(Role.PRIVACY_OFFICER), "test") as work:
        found = accesses(work, family_id=home.id)
    assert found
    assert "Bjørk" not in repr(found)


def test_a_lead_sees_the_bydels_families_without_names_and_those_that_wait_for_a_nurse(city, home):
    with city.programme.work(lead("11"), "test") as work:
        assert [one.names for one in families_of_bydel(work)] == [()]
        assert families_awaiting_nurse(work) == []
    send(city.programme, city.ours, home.id, MoveFamily(uuid4(), address(TEISEN)))
    with city.programme.work(lead("12"), "test") as work:
        assert [one.id for one in families_awaiting_nurse(work)] == [home.id]
    with city.programme.work(lead("11"), "test") as work:
        assert families_of_bydel(work) == []


def test_a_revoked_nurse_is_out_at_the_very_next_request(city, home):
    read(city, city.ours, home, notes)
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))

    assert outcome(lambda: read(city, city.ours, home, notes)) is HIDDEN


def test_a_family_leaves_the_list_when_the_child_is_two_and_comes_back_with_the_next(city, home):
    city.clock.forward(days=60)
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today))
    city.clock.forward(days=731)
    assert listed(city) == []
    read(city, city.ours, home, family)

    send(city.programme, city.ours, home.id, Household().expects(city.clock.today))
    assert listed(city) == [home.id]


def listed(city):
    with city.programme.work(city.ours, "test") as work:
        return [one.id for one in own_families(work)]
