"""The merge table is complete, and all that it can answer is written down."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from uuid import UUID, uuid4

import pytest

from nyefamilier.door.handling import ASSIGNING
from nyefamilier.door.merging import REFERENCES, RULES
from nyefamilier.door.mutations import Operation
from nyefamilier.door.operations import operation_of
from nyefamilier.door.touching import touched_by
from nyefamilier.families.intents import AddMember, RegisterFamily, RegisterPregnancy
from nyefamilier.wire.kinds import RECORD_KINDS
from tests.architecture.breaking import ROOT
from tests.unit.door.corpus import CORPUS

ADDED_ONLY = {RegisterFamily, AddMember, RegisterPregnancy}
"""What makes records and can meet nobody else's: a second one under its id is refused."""

NOT_RECORDS = {"nurse_id", "second_nurse_id", "primary_nurse", "to_nurse", "team_id"}
MADE = {
    ("RegisterPregnancy", "pregnancy_id"),
    ("MakeOffer", "offer_id"),
    ("AnswerOffer", "answer_id"),
    ("BookVisit", "visit_id"),
    ("RecordVisit", "visit_id"),
    ("WriteNote", "note_id"),
    ("CorrectNote", "note_id"),
    ("StateNeed", "need_id"),
    ("ReviewNeed", "review_id"),
    ("CloseNeed", "review_id"),
    ("MoveFamily", "move_id"),
}
"""The ids of records that an operation makes, or may make."""

JUDGING = ("deciding", "judging", "merged", "merging")
REASON = re.compile(r"[a-z]+(-[a-z]+)+")


def test_every_operation_is_merged_added_or_online_only():
    assert set(RULES) | ADDED_ONLY | ASSIGNING == set(Operation.__args__)
    assert not set(RULES) & (ADDED_ONLY | ASSIGNING)


@pytest.mark.parametrize("kind", Operation.__args__, ids=lambda kind: kind.__name__)
def test_every_record_that_an_operation_speaks_of_is_looked_for(kind):
    spoken_of = {
        field.name
        for field in fields(kind)
        if "UUID" in str(field.type)
        and field.name not in NOT_RECORDS
        and (kind.__name__, field.name) not in MADE
    }
    assert spoken_of == set(REFERENCES.get(kind, {}))


@pytest.mark.parametrize("name", CORPUS)
def test_what_an_operation_touches_is_told_in_codes_and_ids(name):
    told = {"op": name, **CORPUS[name].told}
    found = touched_by(uuid4(), [operation_of(told)])

    assert found
    for touch in found:
        kind, record_id, group = touch.split(":")
        assert kind in {"family", *RECORD_KINDS}
        assert UUID(record_id)
        assert re.fullmatch(r"[a-z]+", group)
    values = {str(value) for value in CORPUS[name].told.values() if isinstance(value, str)}
    assert not {touch for touch in found if any(value == touch for value in values)}


def reasons() -> set[str]:
    """Every reason that a verdict can have, as the source of judging says it."""
    found = set()
    for path in sorted((ROOT / "nyefamilier/door").glob("*.py")):
        if not path.stem.startswith(JUDGING):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and REASON.fullmatch(node.value)
        }
    return found


def test_every_reason_is_explained():
    written = (ROOT / "docs/merging.md").read_text("utf-8")
    problems = (ROOT / "docs/problems.md").read_text("utf-8")
    assert {one for one in reasons() if f"`{one}`" not in written + problems} == set()
    assert len(reasons()) > 20
