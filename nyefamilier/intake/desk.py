"""One batch of rows at work: read, looked up together, and each sent through the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.accounts.service import accounts
from nyefamilier.bydeler.service import bydel_of
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families.service import NATIONAL_ID
from nyefamilier.intake import store
from nyefamilier.intake.cells import Surroundings
from nyefamilier.intake.decisions import AlreadyThere, decide
from nyefamilier.intake.flaws import Flaw, refused
from nyefamilier.intake.meaning import Ids, column_of
from nyefamilier.intake.register import Digests, Noted, Register, people_of
from nyefamilier.intake.rows import Row, read_row
from nyefamilier.intake.source import Record, Source
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Refusal, Unavailable
from nyefamilier.kernel.ids import DelbydelCode
from nyefamilier.storage.work import Work


class Became(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    ALREADY_THERE = "already_there"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Handled:
    """A row and what became of it."""

    record: Record
    became: Became
    flaws: Sequence[Flaw] = ()


@dataclass(frozen=True, slots=True)
class _Slip:
    """What a row that could be read says, and the ids that follow from it."""

    row: Row
    ids: Ids


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is at hand while the batch's rows are handled, one after the other."""

    work: Work
    digests: Digests
    register: Register
    dry_run: bool


def handle_batch(
    work: Work, source: Source, batch: Sequence[Record], pretended: Noted | None
) -> tuple[list[Handled], Noted]:
    """What became of each row, and what the rows have added.

    Args:
        work: One transaction; whoever opened it commits.
        source: Where the rows come from.
        batch: The rows.
        pretended: What a dry run's earlier batches would have added; None if it is not one.

    Raises:
        Unavailable: the key provider is away.
    """
    store.take_turn(work.session)
    around = _surroundings(work)
    slips = [_read(work, source, record, around) for record in batch]
    desk = _desk(work, [one for one in slips if isinstance(one, _Slip)], pretended)
    handled = [_handle(desk, record, slip) for record, slip in zip(batch, slips, strict=True)]
    return handled, desk.register.noted


def _surroundings(work: Work) -> Surroundings:
    def knows(code: str) -> bool:
        return bydel_of(work.session, DelbydelCode(code), work.today) is not None

    nurses = {one.username: one.id for one in accounts(work, role=Role.NURSE)}
    return Surroundings(work.today, work.real_people, nurses, knows)


def _read(
    work: Work, source: Source, record: Record, around: Surroundings
) -> _Slip | Sequence[Flaw]:
    if record.flaw is not None:
        return (record.flaw,)
    row = read_row(source.kind, source.values(record), around)
    return row if isinstance(row, list) else _Slip(row, Ids.of(row, work.vault))


def _desk(work: Work, slips: Sequence[_Slip], pretended: Noted | None) -> _Desk:
    people = {person for slip in slips for person in people_of(slip.row)}
    indexes = {one: work.vault.blind_index(NATIONAL_ID, one.digits) for one in people}
    stored = store.known(work.session, list(indexes.values()))
    looked_up = {one.family_id for families in stored.values() for one in families}
    note_accesses(work, looked_up, Action.READ, "lookup", Ground.PROGRAMME)
    taken_in = store.taken_in(work.session, [slip.ids.mutation for slip in slips])
    register = Register(stored, taken_in, pretended or Noted())
    digests = {person: index.digest for person, index in indexes.items()}
    return _Desk(work, digests, register, dry_run=pretended is not None)


def _handle(desk: _Desk, record: Record, slip: _Slip | Sequence[Flaw]) -> Handled:
    if not isinstance(slip, _Slip):
        return Handled(record, Became.REJECTED, slip)
    decision = decide(slip.row, slip.ids, desk.digests, desk.register)
    if isinstance(decision, AlreadyThere):
        return Handled(record, Became.ALREADY_THERE)
    if isinstance(decision, Flaw):
        return Handled(record, Became.REJECTED, (decision,))
    refusal = _send(desk, decision)
    if refusal is not None:
        flaw = refused(column_of(refusal.pointer), refusal)
        return Handled(record, Became.REJECTED, (flaw,))
    desk.register.note(slip.row, slip.ids, decision, desk.digests)
    return Handled(record, Became.IMPORTED)


def _send(desk: _Desk, mutation: Mutation) -> Refusal | None:
    """Send a mutation through the door; a refused one, or a dry run's, leaves nothing behind."""
    try:
        with desk.work.session.begin_nested() as savepoint:
            apply(desk.work, mutation)
            if desk.dry_run:
                savepoint.rollback()
    except Unavailable:
        raise
    except Refusal as refusal:
        return refusal
    finally:
        # The next row of this family is a mutation of its own, with a revision of its own.
        desk.work.dossiers.pop(mutation.family_id, None)
    return None
