"""Each checker is content with a world in order, and finds what is wrong with one that is not."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from nyefamilier.wire import chain
from tests.builders import NOON as NOW
from tests.faults.evidence import (
    Copy,
    Delivered,
    Device,
    Evidence,
    Head,
    Holding,
    Phone,
    Record,
    Revision,
    Saved,
)
from tests.faults.meaning import named, touches
from tests.faults.phone_checks import outboxes_drain
from tests.faults.properties import PROPERTIES, violations


def number(n: int) -> UUID:
    return UUID(int=n)


NURSE, COLLEAGUE, DEVICE, FAMILY, NOTE, MEMBER = (number(n) for n in range(1, 7))
WRITTEN = {"op": "note.write", "note_id": str(NOTE), "member_id": str(MEMBER), "text": "Hei"}
NAMED = {"op": "member.update", "member_id": str(MEMBER), "phone": "1"}


def revision(rev: int, before: bytes, mutation: int, **more: object) -> Revision:
    request = f"sealed {mutation}".encode()
    link = chain.link(number(mutation), request)
    made = Revision(
        FAMILY, rev, number(mutation), DEVICE, "applied", request, link,
        chain.after(before, rev, link), base_rev=rev - 1,
    )  # fmt: skip
    return replace(made, **more)


def in_order() -> Evidence:
    """One nurse, one family: a web page's revision, and a note from her phone."""
    first = revision(1, chain.ORIGIN, 10, device=None, base_rev=None, ops=(NAMED,))
    second = revision(2, first.chain, 11, ops=(WRITTEN,))
    rows = [Record(FAMILY, "member", MEMBER, 1, {"phone": "1"}),
            Record(FAMILY, "note", NOTE, 2, {"text": "Hei"})]  # fmt: skip
    told = chain.checksum((one.kind, one.id, one.rev) for one in rows)
    copy = Copy(2, second.chain, {(one.kind, one.id): (one.rev, one.body) for one in rows})
    return Evidence(
        saved=[Saved("a", DEVICE, 1, number(11), FAMILY, 1, (WRITTEN,), b"meant")],
        delivered=[Delivered(DEVICE, 1, number(11), FAMILY, "applied", None, 2, b"meant")],
        revisions=[first, second],
        records=rows,
        heads=[Head(FAMILY, 2, second.chain, told, frozenset({NURSE}))],
        devices=[Device(DEVICE, NURSE, "active", 1)],
        phones=[Phone("a", NURSE, DEVICE, counts=True, copies={FAMILY: copy},
                      remains=frozenset({FAMILY}))],
        followed=frozenset({(FAMILY, NURSE)}),
        holdings=[Holding(DEVICE, FAMILY, gone=False)],
        history=[
            {"step": 1, "what": "acked", "phone": "a", "id": str(number(11))},
            {"step": 2, "what": "served", "phone": "a", "state": "active",
             "families": [str(FAMILY)], "allowed": [str(FAMILY)]},
            {"step": 2, "what": "change", "family": str(FAMILY), "from": 1, "to": 2, "links": 1},
            {"step": 3, "what": "copy", "phone": "a", "family": str(FAMILY), "rev": 2},
            {"step": 3, "what": "note", "id": str(NOTE), "told": "Hei"},
            {"step": 4, "what": "pull-cost", "families": 0, "idle": True, "statements": 7,
             "bytes": 280},
            {"step": 9, "what": "drained", "phone": "a", "rounds": 2},
        ],
    )  # fmt: skip


def event(what: str, **more: object):
    def put(seen: Evidence) -> None:
        seen.history.append({"step": 5, "what": what, "phone": "a", **more})

    return put


def swap(name: str, place: int = 0, **more: object):
    def put(seen: Evidence) -> None:
        listed = getattr(seen, name)
        listed[place] = replace(listed[place], **more)

    return put


def lose(name: str, place: int = 0):
    def put(seen: Evidence) -> None:
        del getattr(seen, name)[place]

    return put


def by_another(seen: Evidence) -> None:
    """Another phone set the same value meanwhile, and a third replaced it without a word."""
    last = seen.revisions[-1].chain
    theirs = revision(3, last, 12, device=number(90), ops=({**NAMED, "phone": "2"},))
    ours = revision(4, theirs.chain, 13, base_rev=2, ops=({**NAMED, "phone": "3"},))
    seen.revisions += [theirs, ours]


def out_of_order(seen: Evidence) -> None:
    seen.delivered.append(Delivered(DEVICE, 2, number(10), FAMILY, "applied", None, 1, b"x"))
    swap("revisions", 0, device=DEVICE)(seen)


def conflict_told_nowhere(seen: Evidence) -> None:
    swap("delivered", status="conflict")(seen)


def same_intent_again(seen: Evidence) -> None:
    seen.delivered.append(Delivered(DEVICE, 2, number(77), FAMILY, "noop", None, None, b"meant"))


def copy_without(kind: str):
    def put(seen: Evidence) -> None:
        copy = seen.phones[0].copies[FAMILY]
        rows = {key: row for key, row in copy.rows.items() if key[0] != kind}
        swap("phones", copies={FAMILY: replace(copy, rows=rows)})(seen)

    return put


def went_back(seen: Evidence) -> None:
    event("copy", family=str(FAMILY), rev=1)(seen)


FLAWS = {
    "P1 a saved mutation is nowhere": lose("delivered"),
    "P1 a note is not as written": swap("records", 1, body={"text": "Ha"}),
    "P1 an acknowledged mutation is nowhere": event("acked", id=str(number(99))),
    "P2 one mutation made two revisions": swap("revisions", 1, id=number(10)),
    "P2 two mutations made one record": swap("revisions", 0, ops=(WRITTEN,)),
    "P2 a seq is missing": swap("devices", last_seq=2),
    "P2 one intent came under two ids": same_intent_again,
    "P3 a phone lacks a family": swap("phones", copies={}),
    "P3 a phone lacks a row": copy_without("note"),
    "P3 a phone has an older row": swap("records", 1, rev=1),
    "P3 a checksum is not that of the rows": swap("heads", checksum=5),
    "P3 a phone is behind": swap("heads", rev=3),
    "P4 a phone has a family that is not hers": swap("heads", nurses=frozenset({COLLEAGUE})),
    "P4 an answer held a family that is not hers": event(
        "served", state="active", families=["other"], allowed=[]
    ),
    "P4 the ledger does not know of a copy": lose("holdings"),
    "P4 the ledger says that a copy is gone": swap("holdings", gone=True),
    "P5 a copy went back": went_back,
    "P5 a change has a gap": event("change", **{"family": "f", "from": 1, "to": 4, "links": 2}),
    "P6 a nurse's own note did not show": event("flicker", id="n"),
    "P7 content is not kept": swap("delivered", content=None),
    "P7 content is another": swap("delivered", content=b"meanT"),
    "P7 a conflict is told nowhere": conflict_told_nowhere,
    "P7 a value was replaced unseen": by_another,
    "P8 a later mutation came first": out_of_order,
    "P9 a record of an applied mutation is missing": lose("records", 1),
    "P9 a held mutation left a record": swap("delivered", status="held", reason="not-hers"),
    "P10 a note was changed": event("note", id=str(NOTE), told="Ha"),
    "P10 a note is gone": lose("records", 1),
    "P10 a request in the log is another": swap("revisions", 1, request=b"another"),
    "P10 the log has a hole": lose("revisions", 0),
    "P10 the head is not that of the log": swap("heads", chain=b"another"),
    "P11 something is still unsent": swap("phones", outbox=frozenset({number(11)})),
    "P11 it took too many rounds": event("drained", rounds=4),
    "P12 a locked phone was served": event("served", state="locked", families=["f"], allowed=["f"]),
    "P12 a locked phone was told that there is nothing new": event(
        "served", state="locked", families=[], allowed=[]
    ),
    "P12 a locked phone's mutation was applied": event(
        "judged", state="locked", fresh=True, status="applied", id="m"
    ),
    "P12 a locked phone was given a share of its key": event(
        "told-stopped",
        state="locked",
        path="/sync/v1/lease",
        names=["commands", "key_share"],
        foreign=0,
    ),
    "P12 a locked phone was told what became of a mutation in words": event(
        "told-stopped",
        state="locked",
        path="/sync/v1/push",
        names=["results", "results.text"],
        foreign=0,
    ),
    "P12 a phone to be wiped was told of what others left in escrow": event(
        "told-stopped",
        state="wipe",
        path="/sync/v1/escrow",
        names=["received"],
        foreign=1,
    ),
    "P12 a caseload was open without a lease": event("opened-without-lease"),
    "A1 an alarm rang without cause": event("alarm", kind="diverged"),
    "C1 a pull asked too much of the database": event(
        "pull-cost", families=1, idle=False, statements=99, bytes=5_000
    ),
    "C1 an idle pull was large": event("pull-cost", families=0, idle=True, statements=7, bytes=301),
}


def test_a_world_in_order_violates_nothing():
    assert violations(in_order()) == []


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_is_found_by_the_property_that_forbids_it(flaw):
    seen = deepcopy(in_order())
    FLAWS[flaw](seen)

    assert list(PROPERTIES[flaw.split()[0]](seen))


def test_every_property_has_a_flaw_that_it_finds():
    assert {flaw.split()[0] for flaw in FLAWS} == set(PROPERTIES)


@pytest.mark.parametrize("names", [["commands"], ["commands", "received"], ["results.status"]])
def test_what_a_stopped_phone_may_hear_is_no_violation(names):
    seen = in_order()
    event("told-stopped", state="wipe", path="/sync/v1/escrow", names=names, foreign=0)(seen)

    assert list(PROPERTIES["P12"](seen)) == []


def test_a_restore_excuses_a_copy_that_goes_back():
    seen = in_order()
    event("restored")(seen)
    went_back(seen)

    assert list(PROPERTIES["P5"](seen)) == []


RECEIPT = {"path": "/api/v1/sync/wipe-receipt", "status": 204}


@pytest.mark.parametrize(
    ("told", "how", "violations"),
    [
        ("erased", {}, 0),
        ("answered", RECEIPT, 0),
        ("answered", RECEIPT | {"status": 403}, 2),
        ("answered", RECEIPT | {"path": "/api/v1/sync/push"}, 2),
    ],
    ids=["erased", "receipt", "refused", "pushed"],
)
def test_what_a_wiped_phone_and_a_restored_server_had_is_beyond_recall(told, how, violations):
    seen = in_order()
    lose("delivered")(seen)
    event(told, phone="a", **how)(seen)
    event("restored")(seen)

    assert len(list(PROPERTIES["P1"](seen))) == violations


@pytest.mark.parametrize("phone", [None, "a"], ids=["everywhere", "on-the-phone"])
def test_an_alarm_with_a_cause_is_no_violation(phone):
    seen = in_order()
    seen.history.append({"step": 5, "what": "excuse", "phone": phone})
    event("alarm", kind="ahead")(seen)

    assert list(PROPERTIES["A1"](seen)) == []


@pytest.mark.parametrize(
    ("kind", "rings"),
    [("client-gap f", 0), ("client-part-missing f", 0), ("client-rows-differ f", 1)],
)
def test_what_was_damaged_may_be_given_up_while_it_is_pulled_and_excuses_nothing_else(kind, rings):
    seen = in_order()
    seen.history.append({"step": 5, "what": "fault", "kind": "damage", "phone": "a"})
    event("alarm", kind=kind)(seen)

    assert len(list(PROPERTIES["A1"](seen))) == rings


def test_what_waits_for_a_family_that_its_nurse_never_followed_waits_rightly():
    seen = in_order()
    waiting = replace(
        seen.delivered[0], status="parked", rev=None, waits_for=seen.heads[0].family, settled=False
    )
    seen.delivered.append(waiting)
    seen.followed = frozenset()
    assert list(outboxes_drain(seen)) == []

    seen.followed = frozenset({(seen.heads[0].family, seen.devices[0].nurse)})
    assert [one.property for one in outboxes_drain(seen)] == ["P11"]


def test_of_a_conflict_that_its_phone_had_seen_what_was_contested_sets_nothing():
    """Two outcomes of a visit are contested, whatever the second nurse had seen."""
    seen = in_order()
    last = seen.revisions[-1].rev
    visit = {"op": "visit.record", "visit_id": str(uuid4()), "minutes": 40}
    told = (80, "applied", "done"), (81, "conflict", "not_home"), (82, "applied", "done")
    for rev, (phone, status, outcome) in enumerate(told, last + 1):
        seen.revisions.append(
            replace(
                seen.revisions[0], rev=rev, id=number(900 + phone), device=number(phone),
                status=status, base_rev=last + 1, ops=(visit | {"outcome": outcome},),
            )
        )  # fmt: skip
    assert list(PROPERTIES["P7"](seen)) != []
    seen.contested = frozenset({(number(981), f"visit:{visit['visit_id']}", "outcome")})
    assert [str(one) for one in PROPERTIES["P7"](seen) if "unseen" in str(one)] == []


def test_what_had_waited_when_nobody_heard_of_it_may_come_late():
    seen = in_order()
    out_of_order(seen)
    assert "P8" in {one.property for one in PROPERTIES["P8"](seen)}

    seen.delivered = [replace(one, came_at=NOW) for one in seen.delivered]
    seen.revisions = [replace(one, made_at=NOW + timedelta(hours=1)) for one in seen.revisions]
    assert list(PROPERTIES["P8"](seen)) == []


@pytest.mark.parametrize(
    ("kind", "op"),
    [
        ("family", {"op": "address.set", "address": {"lines": "Vei 1"}}),
        ("member", {"op": "member.update", "member_id": str(number(7)), "phone": "40000000"}),
        ("need", {"op": "need.review", "need_id": str(number(7)), "state": "met"}),
    ],
)
def test_what_the_inbox_tells_of_has_the_name_of_what_the_operation_touches(kind, op):
    assert {one.record for one in touches(op)} == {named(kind, number(7))}


def looked_at(*looks: tuple[int, str, str]) -> list[str]:
    """What P7 says of looks at one need that were all made of one state: phone, status, state."""
    seen = in_order()
    last = seen.revisions[-1].rev
    look = {"op": "need.review", "review_id": str(uuid4()), "need_id": str(uuid4())}
    for rev, (phone, status, state) in enumerate(looks, last + 1):
        seen.revisions.append(
            replace(
                seen.revisions[0], rev=rev, id=uuid4(), device=number(phone), status=status,
                base_rev=last, ops=(look | {"state": state},),
            )
        )  # fmt: skip
    return [str(one) for one in PROPERTIES["P7"](seen) if "unseen" in str(one)]


def test_a_look_that_finds_a_need_as_it_was_sets_nothing():
    assert looked_at((80, "applied", "open"), (81, "applied", "being_met")) == []


def test_a_look_that_replaces_what_it_has_not_seen_is_found():
    assert looked_at((80, "applied", "being_met"), (81, "applied", "open"))


def test_of_a_conflict_what_was_not_contested_is_what_the_next_one_finds():
    """Another operation of it was; where the need stands was its own phone's to say."""
    looks = (80, "applied", "being_met"), (80, "conflict", "open"), (81, "applied", "open")
    assert looked_at(*looks) == []


def test_of_a_conflict_what_was_contested_sets_nothing():
    looks = (80, "applied", "being_met"), (81, "conflict", "open"), (82, "applied", "open")
    assert looked_at(*looks)
