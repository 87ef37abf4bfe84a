"""Whether the logs are what was sealed: every entry, every hash, every signed head.

Whoever owns the database can rewrite all of it, and the tree with it, but not what others were
told before: the checkpoints that a place outside has are part of what is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.storage.work import Work
from nyefamilier.transparency import store
from nyefamilier.transparency.checkpoints import verifier_key
from nyefamilier.transparency.entries import Log, entry_of, leaf_bytes
from nyefamilier.transparency.growing import ORIGIN
from nyefamilier.transparency.merkle import EMPTY, TILE_LEVELS, leaf_hash, node_hash
from nyefamilier.transparency.tables import LeafRow
from nyefamilier.transparency.verify_log import Checkpoint, DoesNotHold, read_checkpoint

_AT_ONCE: Final = 2_000


class Flaw(StrEnum):
    """What can be wrong."""

    CHANGED = "entry-changed"
    MISSING = "entry-missing"
    UNSEALED = "entry-not-sealed"
    LEAF = "leaf-missing"
    SUBTREE = "subtree-differs"
    HEAD = "head-differs"
    SIGNATURE = "head-not-signed"
    CUT = "log-cut"
    ANCHOR = "anchor-differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw, and where: in which log, at which entry's number, leaf or size."""

    flaw: Flaw
    where: str


@dataclass(slots=True)
class Checked:
    """What a check has come to: how many leaves there are, and what is wrong."""

    leaves: int = 0
    findings: list[Finding] = field(default_factory=list)


class _Growing:
    """The head after each leaf, without keeping them."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[tuple[int, bytes]] = []
        """Complete subtrees from the left, the largest first: level and hash."""
        self.made: list[tuple[int, int, bytes]] = []
        """Those that became complete at a level that is kept, by the leaf that was added last."""

    def add(self, leaf: bytes) -> None:
        self.made.clear()
        self.size += 1
        level, found = 0, leaf
        while self._whole and self._whole[-1][0] == level:
            found = node_hash(self._whole.pop()[1], found)
            level += 1
            if level % TILE_LEVELS == 0:
                self.made.append((level, (self.size >> level) - 1, found))
        self._whole.append((level, found))

    def head(self) -> bytes:
        if not self._whole:
            return EMPTY
        found = self._whole[-1][1]
        for _, left in self._whole[-2::-1]:
            found = node_hash(left, found)
        return found


def check(work: Work, anchored: Sequence[str] = ()) -> Checked:
    """Work the tree out anew from the entries, and compare.

    Args:
        work: A snapshot of the programme's own.
        anchored: Checkpoints that a place outside of the database has.

    Raises:
        NotAllowed: the actor is not the programme itself.
    """
    if work.actor != SYSTEM:
        raise NotAllowed("The log is checked by the programme itself.")
    done = Checked()
    heads = list(_heads(work, done, anchored))
    _compare(work, done, heads)
    for log in Log:
        left = store.count_forgotten(work.session, log)
        if left:
            done.findings.append(Finding(Flaw.UNSEALED, f"{log}: {left}"))
    return done


def _heads(work: Work, done: Checked, anchored: Sequence[str]) -> Iterator[tuple[Checkpoint, Flaw]]:
    """Every signed head, with what it means if it is not the tree's."""
    own = [(row.note, Flaw.HEAD) for row in store.checkpoints(work.session)]
    keys = [verifier_key(ORIGIN, one.public_key) for one in store.signers(work.session)]
    for note, flaw in [*own, *((one, Flaw.ANCHOR) for one in anchored)]:
        found = _signed(note, keys)
        if found is None:
            first = note.splitlines()[1:2]
            done.findings.append(Finding(Flaw.SIGNATURE, f"size {first[0] if first else '?'}"))
        else:
            yield found, flaw


def _signed(note: str, keys: Iterable[str]) -> Checkpoint | None:
    for key in keys:
        try:
            return read_checkpoint(note, key)
        except DoesNotHold:
            continue
    return None


def _compare(work: Work, done: Checked, heads: list[tuple[Checkpoint, Flaw]]) -> None:
    waiting = sorted(heads, key=lambda one: one[0].size, reverse=True)
    tree, subtrees = _Growing(), store.subtrees(work.session)
    for leaf, real in _with_entries(work, done):
        if leaf.index != tree.size:
            done.findings.append(Finding(Flaw.LEAF, f"leaf {tree.size}"))
            tree.size = leaf.index
        tree.add(real)
        for level, number, made in tree.made:
            if subtrees.pop((level, number), None) != made:
                done.findings.append(Finding(Flaw.SUBTREE, f"level {level}, number {number}"))
        while waiting and waiting[-1][0].size <= tree.size:
            signed, flaw = waiting.pop()
            if signed.size != tree.size or signed.head != tree.head():
                done.findings.append(Finding(flaw, f"size {signed.size}"))
    done.leaves = tree.size
    done.findings += [Finding(Flaw.CUT, f"size {signed.size}") for signed, _ in waiting]
    done.findings += [Finding(Flaw.SUBTREE, f"level {one}, number {n}") for one, n in subtrees]


def _with_entries(work: Work, done: Checked) -> Iterator[tuple[LeafRow, bytes]]:
    """Each leaf, and the hash that its entry has now."""
    found = store.leaves(work.session)
    while page := list(islice(found, _AT_ONCE)):
        rows = {
            log: store.rows(work.session, log, [one.entry_id for one in page if one.log == log])
            for log in Log
        }
        for leaf in page:
            row = rows[Log(leaf.log)].get(leaf.entry_id)
            where = f"{leaf.log} {leaf.entry_id}"
            if row is None:
                done.findings.append(Finding(Flaw.MISSING, where))
                yield leaf, leaf.hash
                continue
            real = leaf_hash(leaf_bytes(entry_of(Log(leaf.log), row), leaf.nonce))
            if real != leaf.hash:
                done.findings.append(Finding(Flaw.CHANGED, where))
            # The tree is worked out from what was sealed, so that one change is told once.
            yield leaf, leaf.hash
