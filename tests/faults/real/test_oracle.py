"""The oracle is content with what is in order, and finds each thing that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.evidence import Delivered, Evidence, Record, Revision, Saved
from tests.faults.real import oracle
from tests.faults.real.nurses import Told
from tests.faults.real.oracle import Seen, Sum
from tests.faults.test_checks import DEVICE, FAMILY, MEMBER, NOTE, WRITTEN, number

MUTATION, OTHER = number(11), number(12)
NEED = {"op": "need.state", "need_id": str(OTHER), "stated_by": str(MEMBER), "words": "Hei"}


def in_order() -> Seen:
    """A note and a need with the same words, in one mutation."""
    ops = (WRITTEN, NEED)
    return Seen(
        Evidence(
            saved=[Saved("a", DEVICE, 1, MUTATION, FAMILY, 0, ops)],
            delivered=[Delivered(DEVICE, 1, MUTATION, FAMILY, "applied", None, 1, b"meant")],
            revisions=[Revision(FAMILY, 1, MUTATION, DEVICE, "applied", b"", None, None)],
            records=[
                Record(FAMILY, "note", NOTE, 1, {"text": "Hei"}),
                Record(FAMILY, "need", OTHER, 1, {"words": "Hei"}),
            ],
        ),
        told={Told(DEVICE, 1, MUTATION, "applied", 1)},
    )


def found(seen: Seen) -> list[str]:
    checks = (oracle.lost, oracle.doubled, oracle.untold, oracle.broken)
    return [one.property for check in checks for one in check(seen)]


def not_delivered(seen: Seen) -> None:
    seen.evidence.delivered.clear()


def delivered_as_another(seen: Seen) -> None:
    seen.evidence.delivered[0] = replace(seen.evidence.delivered[0], id=OTHER)


def with_another_verdict(seen: Seen) -> None:
    seen.evidence.delivered[0] = replace(seen.evidence.delivered[0], status="held", rev=None)


def at_another_revision(seen: Seen) -> None:
    seen.evidence.revisions[0] = replace(seen.evidence.revisions[0], rev=2)


def without_its_note(seen: Seen) -> None:
    del seen.evidence.records[0]


def with_another_text(seen: Seen) -> None:
    seen.evidence.records[0] = replace(seen.evidence.records[0], body={"text": "He"})


def delivered_twice(seen: Seen) -> None:
    seen.evidence.delivered.append(replace(seen.evidence.delivered[0], seq=2))


def twice_in_the_log(seen: Seen) -> None:
    seen.evidence.revisions.append(replace(seen.evidence.revisions[0], rev=2))


def note_twice(seen: Seen) -> None:
    seen.evidence.records.append(replace(seen.evidence.records[0], id=number(77)))


def never_named(seen: Seen) -> None:
    seen.told.clear()


def chain_is_wrong(seen: Seen) -> None:
    seen.differing.append(f"chain of {FAMILY}")


def answered_by_500(seen: Seen) -> None:
    seen.statuses[500] += 1


def client_raised(seen: Seen) -> None:
    seen.evidence.history.append({"what": "defect", "phone": "a", "trace": "KeyError"})


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (not_delivered, "lost"),
        (delivered_as_another, "lost"),
        (with_another_verdict, "lost"),
        (at_another_revision, "lost"),
        (without_its_note, "lost"),
        (with_another_text, "lost"),
        (delivered_twice, "doubled"),
        (twice_in_the_log, "doubled"),
        (note_twice, "doubled"),
        (never_named, "untold"),
        (chain_is_wrong, "differing"),
        (answered_by_500, "defect"),
        (client_raised, "defect"),
    ],
)
def test_what_is_wrong_is_found(spoil: Callable[[Seen], None], what: str):
    seen = in_order()
    assert found(seen) == []
    spoil(seen)
    assert set(found(seen)) == {what}


def test_a_parked_mutation_that_went_through_later_is_not_lost():
    seen = in_order()
    seen.told = {Told(DEVICE, 1, MUTATION, "parked", None)}
    seen.evidence.delivered[0] = replace(seen.evidence.delivered[0], settled=True)
    assert found(seen) == []


def test_the_figures_say_what_is_asked_for():
    seen = in_order()
    note_twice(seen)
    assert oracle.summed_up(seen) == Sum(saved=1, acknowledged=1, lost=0, doubled=1)
