"""One batch of rows at work: read, looked up together, and each sent through the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.accounts.service import accounts
from nyefamilier.bydeler.service import boundaries, bydel_of
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply_all
from nyefamilier.families.service import NATIONAL_ID
from nyefamilier.intake import store
from nyefamilier.intake.cells import Surroundings
from nyefamilier.intake.decisions import AlreadyThere, Decision, decide
from nyefamilier.intake.flaws import Flaw, refused
from nyefamilier.intake.meaning import Ids, column_of
from nyefamilier.intake.reading import read_row
from nyefamilier.intake.register import Digests, Noted, Register, people_of
from nyefamilier.intake.rows import Row
from nyefamilier.intake.source import Record, Source
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Refusal, Unavailable
from nyefamilier.kernel.ids import DelbydelCode
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service as uptake
from nyefamilier.uptake.ledger import Heard


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
    handled = _handle_together(desk, batch, slips)
    if handled is None:
        desk = replace(desk, register=replace(desk.register, noted=Noted()))
        pairs = zip(batch, slips, strict=True)
        handled = [_handle(desk, record, slip) for record, slip in pairs]
    return handled, desk.register.noted


def _surroundings(work: Work) -> Surroundings:
    def knows(code: str) -> bool:
        return bydel_of(work.session, DelbydelCode(code), work.today) is not None

    def is_served(code: str) -> bool:
        bydel = bydel_of(work.session, DelbydelCode(code), work.today)
        served = None if bydel is None else boundaries(work.session).serving(bydel, work.today)
        return served is not None

    nurses = {one.username: one.id for one in accounts(work, role=Role.NURSE)}
    return Surroundings(work.today, work.real_people, nurses, knows, is_served)


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


def _handle_together(
    desk: _Desk, batch: Sequence[Record], slips: Sequence[_Slip | Sequence[Flaw]]
) -> list[Handled] | None:
    """What became of the rows, all good ones sent at once; None if the door refused one of them.

    That is rare, since a row's cells were looked at before, and some times faster.
    """
    decisions = [_decide_and_note(desk, slip) for slip in slips]
    mutations = [one for one in decisions if isinstance(one, Mutation)]
    if len({one.family_id for one in mutations}) < len(mutations):
        return None
    if mutations and _send(desk, mutations) is not None:
        return None
    return [_handled(record, one) for record, one in zip(batch, decisions, strict=True)]


def _decide_and_note(desk: _Desk, slip: _Slip | Sequence[Flaw]) -> Decision | Sequence[Flaw]:
    decision = _decide(desk, slip)
    if isinstance(slip, _Slip) and isinstance(decision, Mutation):
        desk.register.note(slip.row, slip.ids, decision, desk.digests)
    return decision


def _handle(desk: _Desk, record: Record, slip: _Slip | Sequence[Flaw]) -> Handled:
    decision = _decide(desk, slip)
    if isinstance(slip, _Slip) and isinstance(decision, Mutation):
        refusal = _send(desk, [decision])
        if refusal is not None:
            return _handled(record, refused(column_of(refusal.pointer), refusal))
        desk.register.note(slip.row, slip.ids, decision, desk.digests)
    return _handled(record, decision)


def _decide(desk: _Desk, slip: _Slip | Sequence[Flaw]) -> Decision | Sequence[Flaw]:
    if not isinstance(slip, _Slip):
        return slip
    return decide(slip.row, slip.ids, desk.digests, desk.register)


def _handled(record: Record, decision: Decision | Sequence[Flaw]) -> Handled:
    match decision:
        case Mutation():
            return Handled(record, Became.IMPORTED)
        case AlreadyThere():
            return Handled(record, Became.ALREADY_THERE)
        case Flaw():
            return Handled(record, Became.REJECTED, (decision,))
        case _:
            return Handled(record, Became.REJECTED, decision)


def _send(desk: _Desk, mutations: Sequence[Mutation]) -> Refusal | None:
    """Send mutations through the door; if one is refused, or in a dry run, nothing is left."""
    told: list[Heard] = []
    try:
        with desk.work.session.begin_nested() as savepoint:
            apply_all(_with_facts_held_back(desk.work, told), mutations)
            uptake.load(desk.work, told)
            if desk.dry_run:
                savepoint.rollback()
    except Unavailable:
        raise
    except Refusal as refusal:
        return refusal
    finally:
        # The next row of a family is a mutation of its own, with a revision of its own.
        for mutation in mutations:
            desk.work.dossiers.pop(mutation.family_id, None)
    return None


def _with_facts_held_back(work: Work, told: list[Heard]) -> Work:
    """The same work, in which what statistics would hear is kept in *told*, to be told at once."""

    def keep(_: Work, fact: Heard) -> None:
        told.append(fact)

    subscribers = {
        kind: tuple(keep if one in uptake.HEARERS else one for one in those)
        for kind, those in work.subscribers.items()
    }
    return replace(work, subscribers=subscribers)
