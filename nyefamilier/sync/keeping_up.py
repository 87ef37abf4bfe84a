"""One pull's work: families compared, told and dropped, until the answer is full.

What is on the phone already goes first, then families that it does not have, the one that is
visited soonest first. What does not fit is told at the next pull.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Connection

from nyefamilier.access.log import write_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.storage.work import Work
from nyefamilier.sync import comparing, ledger, scope
from nyefamilier.sync.comparing import Has
from nyefamilier.sync.feed import News, Record, items, news
from nyefamilier.sync.ledger import Copy
from nyefamilier.sync.scope import Asked, Head
from nyefamilier.sync.snapshots import parts_of
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import FamilyCipher
from nyefamilier.wire import limits
from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.messages import Change, Drop, Item, Pull, PullAnswer, Reset, Scope, Snapshot
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import DropReason, ResetReason

LOGGED_AS: Final = "sync"
"""What the access log calls that which a phone was sent."""
ASKED_BACK: Final = "copy-asked-back"
"""... and what it was told to delete."""

_FIRST_CHANGES, _FIRST_SNAPSHOTS = 64, 6
"""How many families are asked of the database at once, at first."""


@dataclass(slots=True)
class Round:
    """What is known and what has come of one pull so far.

    Args:
        work: The transaction, which sees one instant.
        connection: The same, for statements.
        asked: Who asks.
        heads: The families in scope.
        copies: The ledger.
        has: What the phone has, by family.
        request: What it sent.
    """

    work: Work
    connection: Connection
    asked: Asked
    heads: Mapping[UUID, Head]
    copies: Mapping[UUID, Copy]
    has: Mapping[UUID, Has]
    request: Pull
    room: int = 0
    is_full: bool = False
    _changed: dict[UUID, Copy] = field(default_factory=dict)
    _expected: dict[UUID, tuple[int, bytes | None]] = field(default_factory=dict)
    _served: dict[UUID, Head] = field(default_factory=dict)
    _anew: list[UUID] = field(default_factory=list)
    _asked_back: list[tuple[UUID, Ground]] = field(default_factory=list)
    _ciphers: dict[UUID, FamilyCipher] = field(default_factory=dict)

    def fill(self, answer: PullAnswer) -> PullAnswer:
        """The answer with all that fits into it."""
        told = self.request.max_bytes or limits.PULL_BYTES_USUAL
        self.room = max(limits.PART_BYTES, min(told, limits.PULL_BYTES))
        answer.scope = self._scope()
        answer.drop = self._drops()
        self._tell_changes(answer, self._compare(answer))
        self._tell_snapshots(answer)
        answer.more = self.is_full
        return answer

    def write_down(self) -> None:
        """Write the ledger and the access log."""
        self._note_what_waits()
        known = self.copies.get
        changed = [one for one in self._changed.values() if one is not known(one.family)]
        ledger.write(self.connection, self.asked.device, changed)
        grounds = [(one.id, one.ground) for one in self._served.values()]
        write_accesses(self.work, grounds, Action.READ, LOGGED_AS)
        write_accesses(self.work, self._asked_back, Action.PURGE, ASKED_BACK)

    def _note_what_waits(self) -> None:
        """Let the ledger agree with the phone about what was not told: the next pull goes by it.

        It may be ahead of the phone by an answer that was lost.
        """
        for id_ in self.copies.keys() & self.heads.keys() - self._changed.keys():
            copy, (rev, _) = self.copies[id_], self._expected.get(id_, (0, None))
            if copy.is_whole and copy.sent_rev != rev:
                self._changed[id_] = replace(copy, sent_rev=rev)

    def expected_hash(self) -> str:
        """What the phone says that it has if it takes in all that it was sent."""
        return have_hash((id_, rev, chain or b"") for id_, (rev, chain) in self._expected.items())

    def _scope(self) -> Scope | None:
        told = sha256(b"".join(sorted(one.bytes for one in self.heads))).hexdigest()[:32]
        if told == self.request.scope_hash:
            return None
        return Scope(hash=told, families=list(self.heads))

    def _drops(self) -> list[Drop]:
        """Everything that the phone has, or may have, and may no longer have."""
        present = {one.family for one in self.copies.values() if one.gone_at is None}
        families = sorted((present | self.has.keys()) - self.heads.keys())
        return [self._drop(id_, why) for id_, why in self._why_not(families).items()]

    def _why_not(self, families: list[UUID]) -> Mapping[UUID, DropReason]:
        if not families:
            return {}
        return scope.why_not(self.connection, self.asked, families)

    def _drop(self, family: UUID, why: DropReason) -> Drop:
        copy = ledger.to_drop(
            self.copies.get(family), self.asked.device, family, why, self.asked.now
        )
        self._changed[family] = copy
        if family in self.copies and copy != self.copies[family]:
            self._asked_back.append((family, Ground.FORMER))
        purge_id = cast("UUID", copy.purge_id)
        return Drop(family=family, purge_id=purge_id, reason=DropReason(copy.reason or why))

    def _compare(self, answer: PullAnswer) -> dict[UUID, int]:
        """Since when each family that the phone has is to be told to it."""
        since: dict[UUID, int] = {}
        for id_, head in self.heads.items():
            has = self.has.get(id_)
            step = comparing.step(head.rev, head.chain, head.checksum, has)
            if step.reset is not None:
                self._reset(answer, id_, step.reset)
            elif step.since == 0:
                self._anew.append(id_)
            elif step.since is not None:
                since[id_] = step.since
            elif has is not None:
                self._has_all(head)
        return since

    def _has_all(self, head: Head) -> None:
        self._expected[head.id] = head.rev, head.chain
        known = self.copies.get(head.id)
        self._changed[head.id] = ledger.acknowledged(known, head.id, head.rev, self.asked.now)

    def _reset(self, answer: PullAnswer, family: UUID, why: ResetReason) -> None:
        answer.reset.append(Reset(family=family, why=why))
        self._anew.append(family)

    def _tell_changes(self, answer: PullAnswer, since: Mapping[UUID, int]) -> None:
        for id_, new in self._news(since, _FIRST_CHANGES):
            has, head = self.has[id_], self.heads[id_]
            if not comparing.same_history(has, new.chain):
                self._reset(answer, id_, ResetReason.DIVERGED)
            elif new.size > limits.PULL_BYTES:
                self._reset(answer, id_, ResetReason.TOO_FAR)
            elif self._takes(answer, new.size):
                self._tell_change(answer, head, has, new)
            else:
                self._expected[id_] = has.rev, has.chain or new.chain

    def _tell_change(self, answer: PullAnswer, head: Head, has: Has, new: News) -> None:
        opened = self._opened(answer, head, new.records)
        if opened is None:
            self._expected[head.id] = has.rev, has.chain or new.chain
            return
        change = Change(
            family=head.id,
            from_=has.rev,
            to=head.rev,
            chain=as_text(head.chain or b""),
            links=[as_text(one) for one in new.links],
            rows=head.checksum,
            items=opened,
        )
        answer.changes.append(change)
        self._sent(head, head.rev, acked=has.rev)

    def _tell_snapshots(self, answer: PullAnswer) -> None:
        if not self._anew or self.is_full:
            return
        order = scope.soonest_first(self.connection, self.asked, self._anew)
        for id_, new in self._news(dict.fromkeys(order, 0), _FIRST_SNAPSHOTS):
            if not self._tell_parts(answer, self.heads[id_], new.records):
                break

    def _tell_parts(self, answer: PullAnswer, head: Head, records: list[Record]) -> bool:
        """Tell a family anew, part by part, and say whether there may be room for another."""
        parts = parts_of(records)
        for number, part in islice(enumerate(parts, 1), self._parts_had(head, len(parts)), None):
            if not self._takes(answer, sum(one.size for one in part)):
                return False
            opened = self._opened(answer, head, part)
            if opened is None:
                return True
            answer.snapshots.append(_snapshot(head, number, len(parts), opened))
            self._sent(head, head.rev if number == len(parts) else 0)
        return True

    def _parts_had(self, head: Head, parts: int) -> int:
        had = (self.request.partial or {}).get(head.id)
        return had.parts if had and had.at == head.rev and 0 < had.parts < parts else 0

    def _takes(self, answer: PullAnswer, size: int) -> bool:
        """Whether *size* more goes into the answer; something always does."""
        empty = not answer.changes and not answer.snapshots
        self.is_full = self.is_full or (size > self.room and not empty)
        if not self.is_full:
            self.room -= size
        return not self.is_full

    def _opened(
        self, answer: PullAnswer, head: Head, records: Iterable[Record]
    ) -> list[Item] | None:
        """The records as they travel; None if one of them does not open."""
        try:
            return items(records, self._ciphers[head.id])
        except CannotOpen:
            answer.unreadable.append(head.id)
            return None

    def _sent(self, head: Head, rev: int, acked: int | None = None) -> None:
        if rev:
            self._expected[head.id] = rev, head.chain
        known = self.copies.get(head.id)
        self._changed[head.id] = ledger.sent(known, head.id, rev, acked, self.asked.now)
        self._served[head.id] = head

    def _news(self, since: Mapping[UUID, int], first: int) -> Iterator[tuple[UUID, News]]:
        """What is new of each family, asked of the database some at a time.

        After the first few, about as many as there is room for: what is asked for and does not
        fit, is asked for once more by the next pull.
        """
        left, some = iter(since.items()), first
        while batch := dict(islice(left, some)):
            found = news(self.connection, batch)
            self._ciphers |= self.work.vault.open_family_keys(
                {id_: new.key for id_, new in found.items() if new.key is not None}
            )
            yield from found.items()
            usual = sum(new.size for new in found.values()) // len(found) or 1
            some = max(first, 1 + self.room // usual)


def _snapshot(head: Head, part: int, parts: int, opened: list[Item]) -> Snapshot:
    return Snapshot(
        family=head.id,
        at=head.rev,
        chain=as_text(head.chain or b""),
        rows=head.checksum,
        part=part,
        parts=parts,
        items=opened,
    )
