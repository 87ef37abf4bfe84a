"""The declarative base and the column types every table shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    ForeignKey,
    LargeBinary,
    MetaData,
    any_,
    bindparam,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def within_family(column: str) -> ForeignKey:
    """A reference between records of one family: they are written together, in any order."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


class _Ids(UserDefinedType[str]):
    """Ids as PostgreSQL writes an array of them."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
        """The parameter's own type: a cast from another would be made for each row."""
        return "UUID[]"


_IDS: Final = bindparam("ids", type_=_Ids())


def one_of(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether *column* is one of the `these` that the statement is given.

    The statement is the same however many they are: it is made, read and planned once.
    """
    return column == any_(_IDS)


def these(ids: Iterable[UUID]) -> dict[str, str]:
    """Some ids as a statement with `one_of` is given them: one value, quickly written."""
    return {"ids": f"{{{','.join([one.hex for one in ids])}}}"}


class Base(DeclarativeBase):
    """Every table's base. Constraint names are fixed so that migrations can name them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class FamilyRecord(Base):
    """Every row that belongs to a family. ``rev`` is the family's revision that last wrote it."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-3)
    family_id: Mapped[UUID] = mapped_column(within_family("family.id"), sort_order=-2)
    rev: Mapped[int] = mapped_column(BigInteger, sort_order=-1)


class SealedRecord(FamilyRecord):
    """A family's row with a personal part: one sealed body, bound to the row and to its ``rev``."""

    __abstract__ = True

    sealed: Mapped[bytes] = mapped_column(LargeBinary, sort_order=1)
