"""The door keeps each family's chain and checksum, and an audit finds whatever does not follow."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from nyefamilier.changes.store import mutations_of
from nyefamilier.families.history import differing
from nyefamilier.families.intents import AddMember, NewMember, UpdateMember
from nyefamilier.families.states import MemberRole
from nyefamilier.families.tables import FamilyRow
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.schema import METADATA
from nyefamilier.storage.base import FamilyRecord
from nyefamilier.wire.chain import ORIGIN, after
from nyefamilier.wire.kinds import RECORD_KINDS
from tests.builders import send


@pytest.fixture
def written(city, home):
    """A family with several revisions, some of which wrote a row again."""
    note = uuid4()
    send(city.programme, city.ours, home.id, named(home, "Rask Rogn", 1))
    send(city.programme, city.ours, home.id, WriteNote(note, home.mother, "Det gikk fint."))
    send(
        city.programme,
        city.ours,
        home.id,
        CorrectNote(uuid4(), note, "Det gikk bra."),
        AddMember(NewMember(uuid4(), MemberRole.GUARDIAN, "Lun Li")),
        named(home, "Rask Rose", 2),
    )
    return home


def named(home, name: str, seen: int) -> UpdateMember:
    return UpdateMember(home.mother, seen, name)


def family_row(city, family_id: UUID) -> FamilyRow:
    with city.programme.sessions() as session:
        return session.get_one(FamilyRow, family_id)


def found_wrong(city, home) -> list[str]:
    with city.programme.sessions() as session:
        return [one.what for one in differing(session, [home.id])]


def test_every_kind_of_record_is_summed_up():
    of_a_family = {
        mapper.local_table.name
        for mapper in FamilyRecord.registry.mappers
        if issubclass(mapper.class_, FamilyRecord)
    }
    assert of_a_family == set(RECORD_KINDS)
    assert set(RECORD_KINDS) <= set(METADATA.tables)


def test_each_revision_has_its_link_and_the_family_the_last_of_the_chain(city, written):
    with city.programme.sessions() as session:
        log = mutations_of(session, written.id)
    at = ORIGIN
    for one in log:
        at = after(at, one.rev, one.link)
        assert one.chain == at
    assert family_row(city, written.id).chain == at


def test_nothing_is_wrong_with_a_family_that_was_written_through_the_door(city, written):
    assert found_wrong(city, written) == []


def test_a_family_from_before_gets_the_same_chain_and_checksum_at_its_next_write(city, written):
    known = family_row(city, written.id)
    with city.programme.sessions.begin() as session:
        session.execute(text("UPDATE mutation SET link = NULL, chain = NULL"))
        session.execute(text("UPDATE family SET chain = NULL, checksum = NULL"))
    assert found_wrong(city, written) == []

    send(city.programme, city.ours, written.id, named(written, "Rask Rips", 4))

    assert found_wrong(city, written) == []
    with city.programme.sessions() as session:
        log = mutations_of(session, written.id)
    assert [one for one in log if one.link is None] == []
    assert log[-2].chain == known.chain


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE note SET rev = rev - 1", ["checksum"]),
        ("DELETE FROM note WHERE corrects IS NOT NULL", ["checksum"]),
        ("UPDATE family SET checksum = checksum + 1", ["checksum"]),
        ("UPDATE mutation SET request = request || 'x'::bytea WHERE rev = 2", ["chain"]),
        ("DELETE FROM mutation WHERE rev = 2", ["log", "chain"]),
        ("UPDATE family SET rev = rev + 1", ["log"]),
    ],
)
def test_what_was_changed_behind_the_door_is_found(city, written, damage, what):
    with city.programme.sessions.begin() as session:
        session.execute(text(damage))

    assert found_wrong(city, written) == what


def test_a_row_that_is_written_twice_in_one_revision_counts_once(city, home):
    send(
        city.programme,
        city.ours,
        home.id,
        named(home, "Rask Rogn", 1),
        named(home, "Rask Rose", 2),
    )

    assert found_wrong(city, home) == []


def test_a_refused_mutation_leaves_the_chain_as_it_was(city, home):
    before = family_row(city, home.id)
    with pytest.raises(Exception, match="stale-version"):
        send(
            city.programme,
            city.ours,
            home.id,
            named(home, "Rask Rogn", 1),
            base_rev=99,
        )

    after_it = family_row(city, home.id)
    assert (after_it.rev, after_it.chain, after_it.checksum) == (
        before.rev,
        before.chain,
        before.checksum,
    )
