"""An item's body has all of a row that a phone may have, each thing under one name."""

from dataclasses import fields

import pytest

from nyefamilier.changes.bodies import InboxBody
from nyefamilier.families.bodies import AddressBody, MemberBody, MoveBody
from nyefamilier.journal.bodies import NoteBody
from nyefamilier.needs.bodies import NeedBody, ReviewBody
from nyefamilier.offers.bodies import OfferBody
from nyefamilier.schema import METADATA
from nyefamilier.sync.feed import clear_columns, is_opened
from nyefamilier.visits.bodies import VisitBody
from nyefamilier.wire.kinds import RECORD_KINDS

BODIES = {
    "inbox": InboxBody,
    "member": MemberBody,
    "address": AddressBody,
    "move": MoveBody,
    "offer": OfferBody,
    "visit": VisitBody,
    "note": NoteBody,
    "need": NeedBody,
    "review": ReviewBody,
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_lies_sealed_has_other_names_than_what_lies_in_clear(kind):
    assert is_opened(kind)
    assert {one.name for one in fields(BODIES[kind])}.isdisjoint(clear_columns(kind))


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_each_kind_has_a_body(kind):
    assert clear_columns(kind)
    assert (kind in BODIES) == is_opened(kind)


def test_what_finds_a_person_or_joins_statistics_stays_on_the_server():
    assert "national_id_index" not in clear_columns("member")
    assert not is_opened("pregnancy")
    assert "sealed" in METADATA.tables["pregnancy"].columns
