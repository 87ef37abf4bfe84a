"""The properties that show on the phones and on the wire: P3 to P6, P11, P12, A1 and C1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, Final

from nyefamilier.wire.chain import checksum
from tests.faults.evidence import Copy, Evidence, Head, Phone, Record, Violation
from tests.faults.mutants import POISON

ROUNDS_TO_DRAIN: Final = 3
IDLE_BYTES: Final = 300
IDLE_STATEMENTS: Final = 16
PLAIN: Final = frozenset({"member.update", "address.set", "visit.book"})
"""Operations that only another's change can contest; an answer may contest what was enrolled on."""
STATEMENTS_PER_FAMILY: Final = 24
"""One query for each of 13 kinds, the family, its key, the log, the ledger, the access log."""


def phones_agree(seen: Evidence) -> Iterator[Violation]:
    """P3: every phone in use has every family of its nurse as the server has it."""
    rows = defaultdict(list)
    for one in seen.records:
        rows[one.family].append(one)
    for phone in seen.phones:
        if not phone.counts:
            continue
        for head in seen.heads:
            if phone.nurse in head.nurses:
                yield from _same(phone, head, rows[head.family])
    for event in seen.told("unfinished"):
        yield Violation("P3", f"step {event['step']}: {event['phone']} took a part for the whole")
    for head in seen.heads:
        told = checksum((one.kind, one.id, one.rev) for one in rows[head.family])
        if head.checksum is not None and head.checksum != told:
            yield Violation("P3", f"the checksum of {head.family} is not that of its rows")


def _same(phone: Phone, head: Head, rows: list[Record]) -> Iterator[Violation]:
    copy = phone.copies.get(head.family)
    if copy is None:
        yield Violation("P3", f"{phone.name} lacks family {head.family}")
        return
    if copy.rev != head.rev or (head.chain is not None and copy.chain != head.chain):
        yield Violation(
            "P3", f"{phone.name} has {head.family} at {copy.rev}, the server at {head.rev}"
        )
        return
    yield from _same_rows(phone, copy, rows)


def _same_rows(phone: Phone, copy: Copy, rows: list[Record]) -> Iterator[Violation]:
    there = {(one.kind, one.id): one for one in rows}
    for key in there.keys() ^ copy.rows.keys():
        where = "lacks" if key in there else "has, alone,"
        yield Violation("P3", f"{phone.name} {where} {key[0]} {key[1]}")
    for key in there.keys() & copy.rows.keys():
        rev, body = copy.rows[key]
        if rev != there[key].rev or not _within(there[key].body, body):
            yield Violation("P3", f"{phone.name} has another {key[0]} {key[1]}")


def _within(told: Any, shown: Any) -> bool:
    """Whether all that *told* says stands in *shown* too."""
    return all(shown.get(name) == value for name, value in told.items() if name in shown)


def nothing_stays_behind(seen: Evidence) -> Iterator[Violation]:
    """P4: no phone has, and no answer ever held, a family that is not its nurse's."""
    for event in seen.told("served"):
        for family in set(event["families"]) - set(event["allowed"]):
            yield Violation("P4", f"step {event['step']}: {event['phone']} was sent {family}")
    hers = {(head.family, nurse) for head in seen.heads for nurse in head.nurses}
    for phone in seen.phones:
        if not phone.counts:
            continue
        for family in phone.remains:
            if (family, phone.nurse) not in hers:
                yield Violation("P4", f"{phone.name} still has {family}")
    yield from _ledger(seen)


def _ledger(seen: Evidence) -> Iterator[Violation]:
    held = {(one.device, one.family) for one in seen.holdings if not one.gone}
    for phone in seen.phones:
        if not phone.counts or phone.device is None:
            continue
        told = {family for device, family in held if device == phone.device}
        for family in told ^ set(phone.copies):
            says = "has" if family in told else "does not have"
            yield Violation("P4", f"the ledger says that {phone.name} {says} {family}")


def reads_only_grow(seen: Evidence) -> Iterator[Violation]:
    """P5: a phone's copy never goes back by itself, and what it is sent has no gap."""
    at: dict[tuple[str, str], int] = {}
    for event in seen.history:
        match event["what"]:
            case "restored" | "reset" | "erased":
                names = event.get("families")
                at = {key: rev for key, rev in at.items() if names and key[1] not in names}
            case "copy":
                key = event["phone"], event["family"]
                if event["rev"] < at.get(key, 0):
                    yield Violation("P5", f"{key[0]} went back in {key[1]} to {event['rev']}")
                at[key] = event["rev"]
            case "change" if event["to"] - event["from"] != event["links"]:
                yield Violation("P5", f"a change of {event['family']} has a gap")


def own_writes_show(seen: Evidence) -> Iterator[Violation]:
    """P6: what a nurse wrote on a phone shows there from then on, for as long as it may."""
    for event in seen.told("flicker"):
        yield Violation("P6", f"step {event['step']}: {event['phone']} did not show {event['id']}")


def outboxes_drain(seen: Evidence) -> Iterator[Violation]:
    """P11: without faults every outbox is empty after three rounds, poison or not."""
    for phone in seen.phones:
        if phone.counts and phone.outbox:
            yield Violation("P11", f"{phone.name} still has {len(phone.outbox)} unsent")
    yield from _waits_in_vain(seen)
    for event in seen.told("drained"):
        if event["rounds"] > ROUNDS_TO_DRAIN:
            yield Violation("P11", f"{event['phone']} needed {event['rounds']} rounds")


def _waits_in_vain(seen: Evidence) -> Iterator[Violation]:
    known = {one.id for one in seen.records}
    nurses = {one.id: one.nurse for one in seen.devices}
    for one in seen.delivered:
        if one.status != "parked" or one.settled:
            continue
        # To one who never followed a family it looks like one that is not here. That she covered
        # for somebody may have been lost by a restore, and is the lead's to say again.
        is_hers = (one.waits_for, nurses.get(one.device)) in seen.followed
        if is_hers or one.waits_for in known:
            yield Violation("P11", f"parked {one.id} waits for {one.waits_for}, which is here")


def revoked_get_nothing(seen: Evidence) -> Iterator[Violation]:
    """P12: a device that is locked is not answered, and all that it sends is held."""
    for event in seen.told("served"):
        if event["state"] != "active":
            yield Violation("P12", f"{event['phone']} was served while {event['state']}")
    for event in seen.told("judged"):
        if event["state"] != "active" and event["fresh"] and event["status"] not in _KEPT:
            yield Violation("P12", f"{event['id']} was {event['status']} while {event['state']}")
    yield from _heard_too_much(seen)
    for event in seen.told("opened-without-lease"):
        yield Violation("P12", f"{event['phone']} opened its caseload after its lease had run out")


def _heard_too_much(seen: Evidence) -> Iterator[Violation]:
    """Of each answer to a stopped phone, on whatever path: no name but these, and no other's id."""
    for event in seen.told("told-stopped"):
        where = f"{event['phone']} was told by {event['path']} while {event['state']}"
        beyond = sorted(set(event["names"]) - _MAY_HEAR)
        if beyond:
            yield Violation("P12", f"{where}: {', '.join(beyond)}")
        if event["foreign"]:
            yield Violation("P12", f"{where}: {event['foreign']} mutations that it did not send")


_MAY_HEAR: Final = frozenset(
    {
        "epoch",
        "server_time",
        "last_seq",
        "durable_seq",
        "commands",
        "received",
        "results",
        *(
            f"results.{name}"
            for name in ("seq", "id", "status", "reason", "pointer", "rev", "review", "filed")
        ),
    }
)
"""Instants, numbers, ids, codes and commands: none of it is clinical, and none opens a store."""
_KEPT: Final = frozenset({"held", "parked", "quarantined"})


def alarms_are_true(seen: Evidence) -> Iterator[Violation]:
    """A1: no alarm rings without a restore, a clone or damage that we did ourselves."""
    excused: set[str | None] = set()
    damaged: set[str] = set()
    yield from _quarantined_without_cause(seen)
    yield from _conflicts_without_cause(seen)
    for event in seen.history:
        if event["what"] == "excuse":
            excused.add(event.get("phone"))
        elif event["what"] == "fault" and event["kind"] == "damage":
            damaged.add(event["phone"])
        elif event["what"] == "alarm" and not _is_excused(event, excused, damaged):
            yield Violation("A1", f"step {event['step']}: {event['kind']} rang on {event['phone']}")


def _is_excused(event: dict[str, Any], excused: set[str | None], damaged: Collection[str]) -> bool:
    """Whether the alarm is one that a clone, a restore or damage before it accounts for."""
    if event.get("phone") in excused:
        return True
    # The nurse has looked at what was damaged, and it was given up, while a pull was under way.
    if event.get("phone") in damaged and event["kind"].startswith(_GIVEN_UP):
        return True
    return None in excused and not event["kind"].startswith(_NO_RESTORE)


_GIVEN_UP: Final = ("client-gap", "client-part-missing")
"""What does not fit any more when what it was to follow has been given up."""
_NO_RESTORE: Final = ("client-", "stream-rows-differ", "rows-differ", "unreadable", "damaged")
"""Alarms that say of a phone that it lost or mixed up something; no restore does that."""


def _quarantined_without_cause(seen: Evidence) -> Iterator[Violation]:
    sound = {one.id for one in seen.saved if POISON not in str(one.ops)}
    for one in seen.delivered:
        if one.status == "quarantined" and one.id in sound:
            yield Violation("A1", f"quarantined {one.id} ({one.reason}) is no poison")


def _conflicts_without_cause(seen: Evidence) -> Iterator[Violation]:
    others = defaultdict(list)
    for one in seen.revisions:
        others[one.family].append((one.rev, one.device))
    for one in seen.revisions:
        plain = {op["op"] for op in one.ops} <= PLAIN
        if one.status != "conflict" or one.base_rev is None or not plain:
            continue
        between = range(one.base_rev + 1, one.rev)
        if not any(rev in between and device != one.device for rev, device in others[one.family]):
            yield Violation("A1", f"conflict {one.id} at {one.rev}: nobody else wrote anything")


def pulls_cost_what_changed(seen: Evidence) -> Iterator[Violation]:
    """C1: a pull's statements and bytes follow what changed and not what exists."""
    for event in seen.told("pull-cost"):
        most = IDLE_STATEMENTS + STATEMENTS_PER_FAMILY * event["families"]
        if event["statements"] > most:
            yield Violation("C1", f"a pull of {event['families']} took {event['statements']}")
        idle = event["families"] == 0 and event["idle"]
        if idle and event["bytes"] > IDLE_BYTES:
            yield Violation("C1", f"an idle pull took {event['bytes']} bytes")
