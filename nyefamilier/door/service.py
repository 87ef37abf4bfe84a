"""The one door for writes.

A page, a REST call, an import and a job all come through `apply`: the family's row locked, its
revision raised by one, each touched row stamped with it, the sealed mutation kept with its answer,
facts told to statistics, all in the transaction of the given work.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec
from sqlalchemy.exc import IntegrityError

from nyefamilier.changes import store
from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.deciding import carry_out
from nyefamilier.door.handling import check_size, open_for
from nyefamilier.door.keeping import keep
from nyefamilier.door.mutations import Answer, Mutation, canonical
from nyefamilier.door.touching import touched_by
from nyefamilier.door.turns import days_meant
from nyefamilier.families import service as families
from nyefamilier.families.dossier import Dossier, cipher_of_sender
from nyefamilier.families.intents import RegisterFamily
from nyefamilier.kernel.errors import Conflict, Refusal, StaleVersion, Unavailable
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.engine import names_taken_id
from nyefamilier.storage.work import Work
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import FamilyCipher


def apply(work: Work, mutation: Mutation) -> Answer:
    """Apply a mutation exactly once, and say what became of it.

    Raises:
        Conflict: ``mutation-id-reused``: another mutation was taken in under this id;
            ``id-taken``: a new record's id is another's already.
        NotFound, NotAllowed: see `access.rules.ground_of`.
        StaleVersion: the family has been written since ``base_rev``.
        RuleBroken, TooLarge: see the operations' handlers; ``no-operations``.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    (answer,) = apply_all(work, [mutation])
    return answer


def apply_all(work: Work, mutations: Sequence[Mutation]) -> list[Answer]:
    """Apply mutations of different families, each exactly once: all, or by raising none.

    The same as one after the other, some times faster: the database is told of all at once.

    Raises:
        Refusal: what `apply` would raise of one of them; it is not said of which.
        ValueError: two of them are of one family.
    """
    if len({one.family_id for one in mutations}) < len(mutations):
        raise ValueError("a family's mutations are applied one after the other")
    for one in mutations:
        check_size(one)
    ids = [one.id for one in mutations]
    # A family's id takes its turn too: two registrations under one id are told apart in order.
    turns = [*ids, *_newcomers(mutations), *days_meant(work, mutations)]
    store.take_turns(work.session, turns)
    known = store.mutations(work.session, ids)
    _require_new(work, _newcomers([one for one in mutations if one.id not in known]))
    with _ids_taken():
        answers = [_apply(work, one, known.get(one.id)) for one in mutations]
        work.session.flush()
    return answers


def _newcomers(mutations: Sequence[Mutation]) -> list[FamilyId]:
    return [one.family_id for one in mutations if isinstance(one.operations[0], RegisterFamily)]


def _require_new(work: Work, family_ids: Sequence[FamilyId]) -> None:
    if family_ids and families.any_exists(work, family_ids):
        raise Conflict("family-exists", "A family with this id has been registered already.")


def _apply(work: Work, mutation: Mutation, known: MutationRow | None) -> Answer:
    if known is not None:
        return _replay(work, mutation, known)
    dossier, touched = _carry_out(work, mutation)
    return keep(dossier, mutation, sorted(set(touched)))


@contextmanager
def _ids_taken() -> Generator[None]:
    """Tell the client that an id which it made for a new record is in use.

    The database finds out, since the record may be another family's, which no query may see.
    """
    try:
        yield
    except IntegrityError as error:
        if not names_taken_id(error):
            raise
        raise Conflict(
            "id-taken", "Another record has the id that you gave to a new one. Make a new UUID."
        ) from None


def _carry_out(work: Work, mutation: Mutation) -> tuple[Dossier, list[str]]:
    first, *rest = mutation.operations
    dossier = open_for(work, mutation.family_id, first)
    if isinstance(first, RegisterFamily):
        touched = touched_by(mutation.family_id, [first])
    else:
        _require_seen(dossier, mutation)
        with _of_operation(0):
            touched = carry_out(dossier, first)
    for number, operation in enumerate(rest, 1):
        with _of_operation(number):
            dossier = open_for(work, mutation.family_id, operation, first=False)
            touched += carry_out(dossier, operation)
    return dossier, touched


@contextmanager
def _of_operation(number: int) -> Generator[None]:
    """Let a refusal say which operation of the mutation it is of."""
    try:
        yield
    except Refusal as refusal:
        refusal.operation = number
        raise


def _require_seen(dossier: Dossier, mutation: Mutation) -> None:
    """Refuse a mutation that was meant for an older revision. The dossier is one ahead of it."""
    seen = dossier.family.rev - 1
    if mutation.base_rev is not None and mutation.base_rev != seen:
        raise StaleVersion(seen)


def _replay(work: Work, mutation: Mutation, known: MutationRow) -> Answer:
    """The stored answer, if it is the same actor and the same content.

    Contents are compared opened: a digest in the clear would let a guess be checked.
    """
    reused = Conflict(
        "mutation-id-reused",
        "Another change was sent under this Idempotency-Key. Give each change a key of its own.",
    )
    if known.actor_id != work.actor.id or known.family_id != mutation.family_id:
        raise reused
    cipher = cipher_of_sender(work, mutation.family_id)
    if _opened(cipher, known, "request", known.request) != canonical(mutation):
        raise reused
    answer = _opened(cipher, known, "answer", known.answer)
    return replace(msgspec.json.decode(answer, type=Answer), replayed=True)


def _opened(cipher: FamilyCipher, known: MutationRow, column: str, blob: bytes) -> bytes:
    try:
        return cipher.open("mutation", column, known.id, known.rev, blob)
    except CannotOpen as error:
        raise Unavailable(
            "record-damaged",
            f"The mutation {known.id} does not open: it was damaged or is not where it was "
            "written. Nothing was changed; tell the operator.",
        ) from error
