"""Families held ahead of opening them: many locked at once, with what opening them asks for.

Access is decided and written down when each is opened, as always (`families.dossier`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from nyefamilier.access.rules import Circle
from nyefamilier.families import store
from nyefamilier.families.tables import FamilyKeyRow, FamilyRow, TeamRow
from nyefamilier.storage.base import FamilyRecord
from nyefamilier.storage.work import Work
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import FamilyCipher, WrappedKey

Named: TypeAlias = tuple[type[FamilyRecord], UUID]
"""A record's kind and id."""


@dataclass(slots=True)
class Held:
    """A family that is locked, with its key, its cipher and its team.

    Args:
        circle: Who may do what with it, once it was asked for.
        followed: Whether the actor follows it or ever did, once it was asked for.
        others: What others wrote since a revision, once it was asked for: they write no more.
    """

    family: FamilyRow
    key: FamilyKeyRow
    cipher: FamilyCipher
    team: list[TeamRow]
    circle: Circle | None = None
    followed: bool | None = None
    others: dict[int, Mapping[str, int]] = field(default_factory=dict)


def hold_families(work: Work, family_ids: Collection[UUID]) -> None:
    """Lock the families that will be written, and have at hand what opening them asks for.

    Raises:
        Unavailable: the key provider is away, or will not open one of the keys.
    """
    found = store.lock_families(work.session, family_ids)
    # Asked for when the locks are held: who follows a family cannot change any more.
    teams = store.teams_at(work.session, family_ids, work.now)
    ciphers = work.vault.open_family_keys({family.id: wrapped(key) for family, key in found})
    for family, key in found:
        work.held[family.id] = Held(family, key, ciphers[family.id], teams[family.id])


def write_families(work: Work) -> None:
    """Write the revisions that held families have now, in one statement."""
    dirty = work.session.dirty
    rows = [one.family for one in work.held.values() if one.family in dirty]
    if rows:
        store.write_revisions(work.session, rows)


def foresee_records(work: Work, kind: type[FamilyRecord], ids: Collection[UUID]) -> None:
    """Have records of one kind at hand, and know of those that are not there.

    Their families are held, so that nobody else can make one before the work ends.
    """
    found = {row.id: row for row in store.named(work.session, kind, ids)}
    work.foreseen.update({(kind, record_id): found.get(record_id) for record_id in ids})


def foresee_made(work: Work, made: Collection[Named]) -> None:
    """The same of records that are about to be made: almost never is one of them here already."""
    kinds = tuple(sorted({kind for kind, _ in made}, key=lambda kind: kind.__tablename__))
    if made and store.any_is_here(work.session, kinds, [one for _, one in made]):
        foresee_named(work, made)
    else:
        work.foreseen.update(dict.fromkeys(made))


def foresee_named(work: Work, named: Iterable[Named]) -> None:
    """The same of records of several kinds."""
    by_kind: dict[type[FamilyRecord], set[UUID]] = defaultdict(set)
    for kind, record_id in named:
        by_kind[kind].add(record_id)
    for kind, ids in by_kind.items():
        foresee_records(work, kind, ids)


def release(work: Work) -> None:
    """Forget what was held and foreseen: after something was undone it may not be so."""
    work.dossiers.clear()
    work.held.clear()
    work.foreseen.clear()


def held_family(work: Work, family_id: UUID) -> Held | None:
    """The family, if it is held."""
    return cast("Held | None", work.held.get(family_id))


def ciphers_for_keeping(work: Work, family_ids: Collection[UUID]) -> dict[UUID, FamilyCipher]:
    """The ciphers of those of some families that exist: for sealing what was sent about them.

    Nothing of a family is served by it, so it asks for no access and writes none down.

    Raises:
        Unavailable: the key provider is away, or will not open one of the keys.
    """
    rows = store.keys_of(work.session, family_ids) if family_ids else []
    return work.vault.open_family_keys({row.family_id: wrapped(row) for row in rows})


def wrapped(row: FamilyKeyRow) -> WrappedKey:
    """A family's data key, as the vault takes it."""
    return WrappedKey(
        row.id, row.version, Wrapped(row.provider, row.kek, row.kek_version, row.wrapped)
    )


def key_row(family_id: UUID, key: WrappedKey) -> FamilyKeyRow:
    """The same, as it lies in the database."""
    return FamilyKeyRow(
        id=key.id,
        version=key.version,
        family_id=family_id,
        provider=key.wrapped.provider,
        kek=key.wrapped.kek,
        kek_version=key.wrapped.version,
        wrapped=key.wrapped.blob,
    )


def rewrite_key(row: FamilyKeyRow, as_: Wrapped) -> None:
    """Have a family's data key lie as *as_* says, all of it.

    Its four columns belong together. Somebody may have brought the key to a newer version since it
    was read, and one column of that left among ours would close the family.
    """
    row.provider, row.kek, row.kek_version, row.wrapped = (
        as_.provider,
        as_.kek,
        as_.version,
        as_.blob,
    )
    for column in ("provider", "kek", "kek_version", "wrapped"):
        flag_modified(row, column)
