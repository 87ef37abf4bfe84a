"""The properties of the sync protocol that can be seen in what is kept: P1, P2, P7 to P10.

Each checker is a function from `Evidence` to violations; `tests/faults/test_checks.py` shows that
each can fail.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from nyefamilier.wire import chain
from tests.faults.evidence import Delivered, Evidence, Op, Revision, Saved, Violation
from tests.faults.meaning import NOTES, makes, touches

DONE: Final = frozenset({"applied", "conflict"})
"""The verdicts by which something of a mutation stands in the family's records."""


def nothing_is_lost(seen: Evidence) -> Iterator[Violation]:
    """P1: what a phone said was safe is on the server, and its notes to the byte."""
    have = {one.id for one in seen.delivered} | seen.escrowed
    beyond = _beyond_recall(seen)
    for one in seen.saved:
        if one.id not in have and one.phone not in beyond:
            yield Violation("P1", f"mutation {one.id} of {one.phone}/{one.seq} is nowhere")
    yield from _acknowledged_is_there(seen)
    yield from _notes_are_there(seen)
    yield from _late_notes_are_filed(seen)


def _beyond_recall(seen: Evidence) -> set[str]:
    """The phones that were wiped before the server's disk was lost: neither has it any more."""
    erased: set[str] = set()
    beyond: set[str] = set()
    for event in seen.history:
        if event["what"] == "erased" or _is_receipt(event):
            erased.add(event["phone"])
        elif event["what"] == "restored":
            beyond |= erased
    return beyond


def _is_receipt(event: dict[str, Any]) -> bool:
    """Whether a phone said that it is empty; it may die before it has told us, too."""
    receipt = event["what"] == "answered" and event["path"].endswith("/wipe-receipt")
    return receipt and bool(event["status"] == HTTPStatus.NO_CONTENT)


def _late_notes_are_filed(seen: Evidence) -> Iterator[Violation]:
    members = {str(one.id) for one in seen.records if one.kind == "member"}
    since = {str(id_): one.rev for one in seen.revisions for id_ in _members_made(one)}
    meant = {one.id: one for one in seen.saved}
    for one in seen.delivered:
        if one.reason != "no-longer-hers" or one.id not in meant:
            continue
        for op in meant[one.id].ops:
            late = op["op"] == "note.write" and op["member_id"] in members
            # Who was told of later than the note was judged was nobody's member then.
            known = late and since.get(op["member_id"], 0) <= (one.rev or 0)
            if known and UUID(op["note_id"]) not in one.filed:
                yield Violation("P1", f"late note {op['note_id']} was not filed")


def _members_made(one: Revision) -> Iterator[UUID]:
    for op in one.ops if one.status in DONE else ():
        yield from (id_ for kind, id_ in makes(op) if kind == "member")


def _acknowledged_is_there(seen: Evidence) -> Iterator[Violation]:
    have = {one.id for one in seen.delivered} | seen.escrowed
    beyond = _beyond_recall(seen)
    for event in seen.told("acked"):
        if UUID(event["id"]) not in have and event["phone"] not in beyond:
            yield Violation("P1", f"acknowledged mutation {event['id']} is not on the server")


def _notes_are_there(seen: Evidence) -> Iterator[Violation]:
    text = {one.id: one.body.get("text") for one in seen.records if one.kind == "note"}
    meant = {one.id: one for one in seen.saved}
    for one in seen.delivered:
        saved = meant.get(one.id)
        if saved is None:
            continue
        for op in saved.ops:
            if op["op"] not in NOTES or not _is_filed(one, UUID(op["note_id"])):
                continue
            if text.get(UUID(op["note_id"])) != op["text"]:
                yield Violation("P1", f"note {op['note_id']} ({one.status}) is not as written")


def _is_filed(one: Delivered, note: UUID) -> bool:
    return one.status == "applied" or note in one.filed


def nothing_happens_twice(seen: Evidence) -> Iterator[Violation]:
    """P2: one effect for each intent, and a device's seqs without a gap or a double."""
    for found, times in Counter(one.id for one in seen.revisions).items():
        if times > 1:
            yield Violation("P2", f"mutation {found} made {times} revisions")
    done = [one for one in seen.revisions if one.status in DONE]
    made = Counter(key for one in done for op in one.ops for key in set(makes(op)))
    for (kind, record), times in made.items():
        if times > 1:
            yield Violation("P2", f"{kind} {record} was made by {times} revisions")
    yield from _content_twice(seen)
    yield from _seqs(seen)


def _content_twice(seen: Evidence) -> Iterator[Violation]:
    ids = defaultdict(set)
    for one in seen.delivered:
        if one.content is not None:
            ids[one.family, one.content].add(one.id)
    for (family, _), found in ids.items():
        if len(found) > 1:
            yield Violation("P2", f"one intent in {family} has {len(found)} mutation ids")


def _seqs(seen: Evidence) -> Iterator[Violation]:
    seqs = defaultdict(list)
    late = {one.device for one in seen.delivered if one.reason == "escrow"}
    for one in seen.delivered:
        seqs[one.device].append(one.seq)
    for device in seen.devices:
        found = sorted(seqs[device.id])
        # Of a phone that is out of use the escrow may lack what nobody could send any more; and
        # what comes to escrow a day after what follows it is placed behind that.
        has_gap = found != list(range(1, device.last_seq + 1)) and device.id not in late
        doubled = len(set(found)) < len(found)
        if device.state == "active" and (has_gap or doubled):
            yield Violation("P2", f"seqs of device {device.id} are not 1..{device.last_seq}")


def nothing_is_overwritten(seen: Evidence) -> Iterator[Violation]:
    """P7: what was sent is kept as sent; a value that another set unseen is no silent change."""
    meant = {one.id: one for one in seen.saved}
    nurses = {one.id: one.nurse for one in seen.devices}
    # Of what a stranger sent about a family, nothing is told to the family's nurse.
    hers = seen.followed
    for one in seen.delivered:
        saved = meant.get(one.id)
        if saved is not None and not _is_kept(saved, one.content):
            yield Violation("P7", f"content of {one.id} ({one.status}) is not kept as it was sent")
        waits = one.status in {"conflict", "held"} and not one.settled
        if waits and one.id not in seen.reviews and (one.family, nurses.get(one.device)) in hers:
            yield Violation("P7", f"{one.status} {one.id} ({one.reason}) stands in no inbox")
    for log in _logs(seen).values():
        yield from _overwritten(log, seen.contested)


def _is_kept(saved: Saved, content: bytes | None) -> bool:
    if saved.content or content is None:
        return content == saved.content
    # Written while the phone was closed: nobody but the server can read the very bytes.
    return bool(json.loads(content)["ops"] == list(saved.ops))


def _logs(seen: Evidence) -> dict[UUID, list[Revision]]:
    logs = defaultdict(list)
    for one in sorted(seen.revisions, key=lambda one: one.rev):
        logs[one.family].append(one)
    return logs


def _overwritten(
    log: list[Revision], contested: frozenset[tuple[UUID, str, str]]
) -> Iterator[Violation]:
    set_by: dict[tuple[str, str], tuple[Revision, str]] = {}
    for one in log:
        for op in one.ops if one.status in DONE else ():
            for touch in touches(op):
                place = touch.record, touch.group
                before = set_by.get(place)
                clashes = before is not None and _clashes(before, one, op, touch.value)
                if one.status == "conflict" and (clashes or (one.id, *place) in contested):
                    continue  # whether it stands is the inbox's to say
                if op["op"] == "need.review" and touch.value == (before[1] if before else "open"):
                    continue  # a look that found the need as it was sets nothing
                if before is not None and clashes:
                    yield Violation(
                        "P7",
                        f"rev {one.rev} of {one.family} replaced {place} of rev {before[0].rev} "
                        f"unseen ({op['op']}, base {one.base_rev})",
                    )
                set_by[place] = one, touch.value


def _clashes(before: tuple[Revision, str], one: Revision, op: Op, value: str) -> bool:
    if before[1] == value or not _unseen(before[0], one):
        return False
    # That the parents close a need is no clash with a look at it: the look stays in its history.
    return not (op["op"] == "need.close" and before[1] in {"open", "being_met"})


def _unseen(before: Revision, one: Revision) -> bool:
    if one.base_rev is None or one.device is None:
        return False
    return before.rev > one.base_rev and before.device != one.device


def effects_are_in_order(seen: Evidence) -> Iterator[Violation]:
    """P8: a device's effects on a family come in the order in which they were meant."""
    rows = defaultdict(list)
    own = {one.id: one for one in seen.revisions}
    # What had waited is done when it can be, and says so.
    waited = {UUID(one["id"]) for one in seen.told("judged") if one["status"] == "parked"}
    for one in sorted(seen.delivered, key=lambda one: one.seq):
        made = own.get(one.id)
        if one.rev is None or one.settled or made is None or made.device != one.device:
            continue
        # That it waits may have been told in an answer that nobody heard.
        if one.id not in waited and not _came_earlier(one, made):
            rows[one.device, one.family].append(one.rev)
    for (device, family), revs in rows.items():
        if revs != sorted(revs):
            yield Violation("P8", f"device {device} in {family}: revisions {revs} by seq")


def _came_earlier(one: Delivered, made: Revision) -> bool:
    """Whether the mutation came in a transaction before the one in which it was done."""
    return one.came_at is not None and made.made_at is not None and one.came_at < made.made_at


def all_or_nothing(seen: Evidence) -> Iterator[Violation]:
    """P9: a mutation's records are all there, or none but the notes that were filed late."""
    have = {(one.kind, one.id) for one in seen.records}
    meant: dict[UUID, Saved] = {one.id: one for one in seen.saved}
    looks = [one.body for one in seen.records if one.kind == "review"]
    reviews = {(str(one.get("need_id")), str(one.get("state"))) for one in looks}
    for one in seen.delivered:
        saved = meant.get(one.id)
        if saved is None or one.settled:
            continue
        made = {key for op in saved.ops for key in makes(op) if not _agreed(op, reviews)}
        there = {key for key in made if key in have}
        if one.status == "applied" and there != made:
            missing = ", ".join(f"{kind} {record}" for kind, record in made - there)
            yield Violation("P9", f"applied {one.id} ({one.reason}) lacks {missing}")
        there -= {key for key in there if key[1] in one.filed}
        if one.status in {"held", "quarantined", "parked"} and there and not _elsewhere(one, seen):
            yield Violation("P9", f"{one.status} {one.id} has left {len(there)} records")


def _agreed(op: Op, reviews: set[tuple[str, str]]) -> bool:
    """Whether another nurse had said the same of a need: then there is nothing to be written."""
    return "review_id" in op and (op["need_id"], op["state"]) in reviews


def _elsewhere(one: Delivered, seen: Evidence) -> bool:
    """Whether the same mutation was delivered by another device too, with another verdict."""
    return any(other.id == one.id and other.status in DONE for other in seen.delivered)


def notes_only_grow(seen: Evidence) -> Iterator[Violation]:
    """P10: a note stays as it was first seen, and each family's chain can be worked out again."""
    first: dict[str, str] = {}
    for event in seen.told("note"):
        if first.setdefault(event["id"], event["told"]) != event["told"]:
            yield Violation("P10", f"note {event['id']} was changed")
    there = {str(one.id) for one in seen.records if one.kind == "note"}
    for event in seen.told("note"):
        if event["id"] not in there and not event.get("lost"):
            yield Violation("P10", f"note {event['id']} is gone")
    logs = _logs(seen)
    for head in seen.heads:
        yield from _chain_of(logs.get(head.family, []), head.rev, head.chain)


def _chain_of(log: list[Revision], rev: int, head: bytes | None) -> Iterator[Violation]:
    if [one.rev for one in log] != list(range(1, rev + 1)):
        yield Violation("P10", f"revisions of {log[0].family if log else '?'} are not 1..{rev}")
        return
    at = chain.ORIGIN
    for one in log:
        link = chain.link(one.id, one.request)
        at = chain.after(at, one.rev, link)
        if one.chain is not None and (one.link, one.chain) != (link, at):
            yield Violation("P10", f"chain of {one.family} breaks at revision {one.rev}")
            return
    if head is not None and at != head:
        yield Violation("P10", "the family's chain is not that of its log")
