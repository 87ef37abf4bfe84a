"""A nurse writes on her phone, visit by visit, and sees what is there and what she has written."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from nyefamilier.client import leasing, outbox
from nyefamilier.client.showing import Family
from nyefamilier.client.store import StoreClosed
from nyefamilier.vault.phone import CannotOpen
from tests.faults.evidence import Op, Saved
from tests.faults.meaning import meant
from tests.faults.mutants import POISON
from tests.faults.nurse import Pen, Rows, learn, mutation_of, registration_of

if TYPE_CHECKING:
    from tests.faults.phones import Phone

LONGEST: Final = 12
"""The most that she writes about one family before she goes on to the next."""
FEW: Final = 4
"""The most that she writes while the phone is closed: notes only, and no family to look at."""


class PhoneDied(BaseException):
    """The phone stopped where it was."""


@dataclass
class Writing:
    """What one nurse does on one phone without a network."""

    phone: Phone
    _views: dict[UUID, Rows] = field(default_factory=dict)
    _known: set[UUID] = field(default_factory=set)

    def knows_what(self, other: Writing) -> None:
        """What was written on the phone that this one is a copy of, is none of its own."""
        self._known |= other._known

    def write(
        self,
        chance: random.Random,
        most: int = 1,
        *,
        poison: bool = False,
        rush: UUID | None = None,
    ) -> int:
        """The nurse writes up to *most* things, visit by visit; how many were kept.

        Args:
            chance: What she happens to write.
            most: How many things.
            poison: Whether the first of them trips a defect of the server's.
            rush: The family that everybody writes in at the moment, about the same few records.
        """
        before = len(self.phone.written)
        try:
            if not self.phone.erased:
                self._sit_down(chance, most, poison, rush)
        except PhoneDied:
            self.phone.restart()
        return len(self.phone.written) - before

    def _sit_down(self, chance: random.Random, most: int, poison: bool, rush: UUID | None) -> None:
        if self.phone.client is None:
            self.phone.restart()
        assert self.phone.client is not None
        if self.phone.device is None:
            return
        families = self.phone.client.families()
        leasing.open_up(self.phone.client.store, self.phone.client.clocks)
        if self.phone.client.store.cipher is None:
            most = min(most, FEW)
        while most > 0:
            attempted = self._visit(
                chance, families, min(most, 1 + chance.randrange(LONGEST)), poison, rush
            )
            most -= attempted or most

    def _visit(
        self,
        chance: random.Random,
        families: list[UUID],
        most: int,
        poison: bool,
        rush: UUID | None,
    ) -> int:
        """She writes a few things in one family; how many she tried."""
        if rush in families:
            families = [rush]
        family, pen, first = self._begin_visit(chance, families, poison=poison)
        if family is None:
            return 0
        pen.in_a_rush, pen.strangers = rush is not None, self.phone.world.strangers[family]
        attempted = []
        try:
            for number in range(most):
                type_, ops = first if number == 0 and first else mutation_of(pen)
                attempted.append(ops)
                self._save(family, type_, ops)
                for op in ops:
                    learn(pen, op)
        finally:
            self._note_saved(family, attempted)
        return len(attempted)

    def _save(self, family: UUID, type_: str, ops: list[Op]) -> None:
        assert self.phone.client is not None
        self.phone.world.clock.forward(0.01)
        try:
            self.phone.client.save(type_, family, ops)
        except PhoneDied:
            self.phone.restart()
            raise

    def _begin_visit(
        self, chance: random.Random, families: list[UUID], *, poison: bool
    ) -> tuple[UUID | None, Pen, tuple[str, list[Op]] | None]:
        self.phone.world.marks += 1
        marker = f"{POISON if poison else ''}m{self.phone.world.marks}"
        pen = Pen(chance, {}, self.phone.clock.wall(), self.phone.nurse.actor.id, marker)
        if chance.random() < 0.02 and not poison:
            ops = registration_of(pen)
            return UUID(pen.new()), pen, ("family.register", ops)
        # Now and then she writes about a family that she remembers and may have given up.
        remembered = list(self._views)
        if not families or chance.random() < 0.01:
            families = remembered or families
        if not families:
            return None, pen, None
        family = chance.choice(families)
        pen.rows = self._view(family)
        return family, pen, None

    def _view(self, family: UUID) -> Rows:
        """What the nurse sees of a family; what she remembers, where the phone is closed."""
        assert self.phone.client is not None
        try:
            shown = self.phone.client.family(family)
        except (StoreClosed, CannotOpen):
            return self._remembered(family)
        self._check_lease()
        rows = _rows(shown)
        if rows:
            self._views[family] = rows
        return rows or self._remembered(family)

    def _remembered(self, family: UUID) -> Rows:
        return {kind: dict(rows) for kind, rows in self._views.get(family, {}).items()}

    def _check_lease(self) -> None:
        """A caseload that opens after its lease has run out is a violation, if no clock lied."""
        assert self.phone.client is not None
        standing = self.phone.client.store.standing
        honest = not self.phone.clock.jumps and not self.phone.clock.boots
        late = timedelta(minutes=1)
        if honest and standing and self.phone.world.clock.now > standing.lease_until + late:
            self.phone.world.history.tell("opened-without-lease", phone=self.phone.name)

    def _note_saved(self, family: UUID, attempted: list[list[Op]]) -> None:
        """Write down what is on the phone's disk by now, told to her or not."""
        if self.phone.client is None or self.phone.device is None:
            return
        store = self.phone.client.store
        fresh = [one for one in outbox.unsent(store, family=family) if one.id not in self._known]
        for one, ops in zip(fresh, attempted, strict=False):
            content, base = b"", 0
            if one.sealed is not None and store.cipher is not None:
                raw = outbox.raw_of(store, one)
                content, base = meant(raw), msgspec.json.decode(raw)["base_rev"]
            saved = Saved(
                self.phone.name,
                self.phone.device,
                one.seq,
                one.id,
                family,
                base,
                tuple(ops),
                content,
            )
            self._known.add(one.id)
            self.phone.written.append(saved)
            self.phone.world.saved.append(saved)
            self.phone.world.history.tell(
                "saved", phone=self.phone.name, seq=one.seq, id=str(one.id), ops=_names(ops)
            )


def _rows(shown: Family) -> Rows:
    rows: Rows = {}
    for one in shown.records.values():
        rows.setdefault(one.kind, {})[one.id] = one.body
    return rows


def _names(ops: list[Op]) -> list[str]:
    return [str(op["op"]) for op in ops]
