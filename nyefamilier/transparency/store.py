"""Queries of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.access.tables import AccessRow, ExportRow
from nyefamilier.storage.base import Base
from nyefamilier.transparency.entries import Log
from nyefamilier.transparency.tables import (
    AnchorRow,
    CheckpointRow,
    LeafRow,
    MarkRow,
    SignerRow,
    SubtreeRow,
)

TABLES: Final[Mapping[Log, type[Base]]] = {Log.ACCESS: AccessRow, Log.EXPORT: ExportRow}
_SEALER: Final = 0x6E66_6C6F
"""The advisory lock of whoever lets the tree grow."""

_ISSUED: Final = """
    SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass), 0)
"""
_WRITERS: Final = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = to_regclass(:name) AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid <> pg_backend_pid()
"""
_COLUMNS: Final = {
    log: ", ".join(f"one.{column.name}" for column in kind.__table__.columns)
    for log, kind in TABLES.items()
}
_UNSEALED: Final = """
    SELECT {columns} FROM {table} one
    WHERE one.id > :mark AND NOT EXISTS (
        SELECT FROM log_leaf WHERE log_leaf.log = :log AND log_leaf.entry_id = one.id
    )
    ORDER BY one.id LIMIT :most
"""
_COUNT: Final = """
    SELECT count(*) FROM {table} one
    WHERE {where} AND NOT EXISTS (
        SELECT FROM log_leaf WHERE log_leaf.log = :log AND log_leaf.entry_id = one.id
    )
"""
_LEAVES: Final = """
    INSERT INTO log_leaf (index, log, entry_id, nonce, hash)
    SELECT * FROM unnest(%(index)s::bigint[], %(log)s::text[], %(entry_id)s::bigint[],
        %(nonce)s::bytea[], %(hash)s::bytea[])
"""


def hold_sealer(session: Session) -> None:
    """Wait until nobody else lets the tree grow, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(_SEALER)))


def issued(session: Session, log: Log) -> int:
    """The newest number that an entry of the log was given, written or not; 0 for none."""
    found = session.execute(text(_ISSUED), {"name": _name(log)}).scalar_one()
    return int(found)


def writers(session: Session, log: Log) -> frozenset[str]:
    """The transactions that may be writing entries: each took its lock before it took a number."""
    return frozenset(session.execute(text(_WRITERS), {"name": _name(log)}).scalars())


def unsealed(session: Session, log: Log, mark: int, most: int) -> list[Mapping[str, Any]]:
    """Entries after *mark* that are no leaf, oldest first."""
    statement = _UNSEALED.format(columns=_COLUMNS[log], table=_name(log))
    found = session.execute(text(statement), {"mark": mark, "log": log, "most": most})
    return [dict(row) for row in found.mappings()]


def mark(session: Session, log: Log) -> int:
    """Up to which entry all are leaves."""
    return session.scalar(select(MarkRow.entry_id).where(MarkRow.log == log)) or 0


def set_mark(session: Session, log: Log, entry_id: int) -> None:
    """All entries up to *entry_id* are leaves."""
    told = insert(MarkRow).values(log=log, entry_id=entry_id)
    told = told.on_conflict_do_update(index_elements=["log"], set_={"entry_id": entry_id})
    session.execute(told)


def size(session: Session) -> int:
    """How many leaves there are."""
    newest = session.scalar(select(func.max(LeafRow.index)))
    return 0 if newest is None else newest + 1


def add_leaves(session: Session, leaves: Sequence[LeafRow]) -> None:
    """Write leaves down, in one statement."""
    names = ("index", "log", "entry_id", "nonce", "hash")
    told = {name: [getattr(one, name) for one in leaves] for name in names}
    session.connection().exec_driver_sql(_LEAVES, told)


def add_subtrees(session: Session, found: Sequence[tuple[int, int, bytes]]) -> None:
    """Write complete subtrees down, each as (level, number, hash)."""
    session.add_all(SubtreeRow(level=level, number=n, hash=made) for level, n, made in found)
    session.flush()


def kept(session: Session, level: int, start: int, stop: int) -> Sequence[bytes]:
    """Hashes as `merkle.Kept`.

    Raises:
        LookupError: not all of them are there.
    """
    found, number = select(LeafRow.hash), LeafRow.index
    if level:
        found = select(SubtreeRow.hash).where(SubtreeRow.level == level)
        number = SubtreeRow.number
    told = session.scalars(found.where(number >= start, number < stop).order_by(number)).all()
    if len(told) != stop - start:
        raise LookupError(f"of the tree's level {level}, some of {start} to {stop - 1} are missing")
    return told


def newest_checkpoint(session: Session) -> CheckpointRow | None:
    """The newest signed head; None before the first."""
    return session.scalar(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))


def checkpoints(session: Session) -> list[CheckpointRow]:
    """All signed heads, the smallest tree's first."""
    return list(session.scalars(select(CheckpointRow).order_by(CheckpointRow.size)))


def newest_signer(session: Session) -> SignerRow | None:
    """Whose key heads are signed with now; None before the first."""
    newest = select(SignerRow).order_by(SignerRow.made_at.desc(), SignerRow.id.desc())
    return session.scalar(newest.limit(1))


def signers(session: Session) -> list[SignerRow]:
    """All keys that heads were ever signed with."""
    return list(session.scalars(select(SignerRow).order_by(SignerRow.made_at)))


def subtrees(session: Session) -> dict[tuple[int, int], bytes]:
    """All complete subtrees that are kept, by level and number."""
    found = session.execute(select(SubtreeRow.level, SubtreeRow.number, SubtreeRow.hash))
    return {(level, number): made for level, number, made in found}


def anchored(session: Session, place: str) -> int:
    """The size of the newest checkpoint that the place has; 0 for none."""
    return session.scalar(select(AnchorRow.size).where(AnchorRow.place == place)) or 0


def set_anchored(session: Session, place: str, size: int, now: datetime) -> None:
    """The place has the checkpoint of that size."""
    new = {"size": size, "told_at": now}
    told = insert(AnchorRow).values(place=place, **new)
    session.execute(told.on_conflict_do_update(index_elements=["place"], set_=new))


def leaves(session: Session, at_once: int = 5_000) -> Iterator[LeafRow]:
    """All leaves, in their order."""
    after = -1
    while True:
        later = select(LeafRow).where(LeafRow.index > after).order_by(LeafRow.index)
        found = session.scalars(later.limit(at_once)).all()
        yield from found
        session.expunge_all()
        if len(found) < at_once:
            return
        after = found[-1].index


def rows(session: Session, log: Log, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Entries of a log by their numbers; those that are not there are not in it."""
    table = TABLES[log].__table__
    found = session.execute(select(table).where(table.c.id.in_(ids))).mappings()
    return {row["id"]: dict(row) for row in found}


def of_family(session: Session, family_id: UUID, size: int) -> list[LeafRow]:
    """The leaves about one family among the first *size*, in their order."""
    about = select(LeafRow).join(AccessRow, AccessRow.id == LeafRow.entry_id)
    about = about.where(LeafRow.log == Log.ACCESS, AccessRow.family_id == family_id)
    return list(session.scalars(about.where(LeafRow.index < size).order_by(LeafRow.index)))


def count_forgotten(session: Session, log: Log) -> int:
    """How many entries up to the mark are no leaf: each was put in past the programme."""
    return _count(session, log, "one.id <= :mark")


def count_waiting(session: Session, log: Log) -> int:
    """How many entries after the mark are no leaf yet."""
    return _count(session, log, "one.id > :mark")


def _count(session: Session, log: Log, where: str) -> int:
    statement = _COUNT.format(table=_name(log), where=where)
    asked = {"mark": mark(session, log), "log": log}
    return int(session.execute(text(statement), asked).scalar_one())


def _name(log: Log) -> str:
    return str(TABLES[log].__tablename__)
