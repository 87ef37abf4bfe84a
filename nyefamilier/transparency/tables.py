"""The tables of the tree: its leaves, every eighth level, its signed heads, and who has them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant
from nyefamilier.storage.standing import only_added_to


class LeafRow(Base):
    """The place of an entry in the tree. `index` counts from 0 and has no gap."""

    __tablename__ = "log_leaf"
    __table_args__ = (Index("uq_log_leaf_log_entry_id", "log", "entry_id", unique=True),)

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    log: Mapped[str]
    entry_id: Mapped[int] = mapped_column(BigInteger)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SubtreeRow(Base):
    """A complete subtree of ``2 ** level`` leaves; the number says which."""

    __tablename__ = "log_subtree"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class CheckpointRow(Base):
    """A signed head."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed_at: Mapped[instant]
    note: Mapped[str]


class MarkRow(Base):
    """Up to which entry a log is in the tree without exception; nothing before it is looked for."""

    __tablename__ = "log_mark"
    __table_args__ = (CheckConstraint("log in ('access', 'export')", name="log"),)

    log: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInteger)


class SignerRow(Base):
    """The key that heads are signed with; the private one is wrapped by the key provider."""

    __tablename__ = "log_signer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[instant]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    provider: Mapped[str]
    kek: Mapped[str]
    kek_version: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class AnchorRow(Base):
    """The newest checkpoint that a place outside of the database has."""

    __tablename__ = "log_anchor"

    place: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[instant]


for _table in (LeafRow, SubtreeRow, CheckpointRow):
    only_added_to(_table)
