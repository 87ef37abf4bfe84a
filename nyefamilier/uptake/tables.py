"""Facts as they were told, and what they add up to. No column can name a family.

No time is finer than a month and there is no actor. ``step`` counts within one participation only.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    SmallInteger,
    String,
    TextClause,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base
from nyefamilier.uptake import sheets

CITY_ONLY: Final = sheets.CITY_ONLY
"""In place of a bydel where one is part of a key: the family's address is protected."""

NO_THEME: Final = "uten_tema"
"""In place of a theme where one is part of a key: nobody said what the need is about."""

NONE: Final[TextClause] = text("0")
"""What a row has that was written before anybody counted."""


class ToldFact(Base):
    """One fact, as it was told; ``mixed`` once it lies in random order among its month's others."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("participation", "step"),
        CheckConstraint("extract(day from month) = 1", name="month_is_a_month"),
        CheckConstraint("extract(day from told) = 1", name="told_is_a_month"),
        # Lower-case codes, numbers, true, false: no name and no sentence fits through this.
        CheckConstraint("""payload::text ~ '^[][a-z0-9_{}":, ]*$'""", name="payload_is_codes"),
        CheckConstraint("octet_length(payload::text) <= 400", name="payload_is_short"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    participation: Mapped[UUID]
    step: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(12))
    bydel: Mapped[str | None] = mapped_column(String(2))
    month: Mapped[date]
    told: Mapped[date]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mixed: Mapped[bool] = mapped_column(default=False)


class Participation(Base):
    """Where one pregnancy's way through the programme stands: the sum of its facts."""

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_cohort", "cohort"),
        # Room on the page: an answer or a visit then touches no index.
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    steps: Mapped[int] = mapped_column(SmallInteger)
    cohort: Mapped[date | None]
    bydel: Mapped[str | None] = mapped_column(String(2))
    basis: Mapped[str | None] = mapped_column(String(40))
    covered: Mapped[bool] = mapped_column(default=False)
    offered: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(12))
    answered: Mapped[date | None]
    ended: Mapped[str | None] = mapped_column(String(20))
    ended_month: Mapped[date | None]
    first_visit: Mapped[date | None]
    visits: Mapped[int] = mapped_column(SmallInteger, default=0)
    born: Mapped[date | None]
    home: Mapped[date | None]
    language: Mapped[str | None] = mapped_column(String(8))
    in_time: Mapped[bool] = mapped_column(server_default=false())
    after_birth: Mapped[bool] = mapped_column(server_default=false())
    first_weeks: Mapped[int | None] = mapped_column(SmallInteger)
    in_pregnancy: Mapped[bool] = mapped_column(server_default=false())
    newborn: Mapped[bool] = mapped_column(server_default=false())
    kostra_10: Mapped[bool] = mapped_column(server_default=false())
    kostra_14: Mapped[bool] = mapped_column(server_default=false())


class VisitCount(Base):
    """How many visits of one kind one participation had in one month, and in which bydel.

    From ``programme_visits`` on, of the programme's alone.
    """

    __tablename__ = "visit_count"
    __table_args__ = (
        Index("ix_visit_count_month", "month"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    participation: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    bydel: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    visits: Mapped[int] = mapped_column(SmallInteger)
    programme_visits: Mapped[int] = mapped_column(SmallInteger)
    counted_visits: Mapped[int] = mapped_column(SmallInteger)
    own_nurse: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)
    other_parent: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)
    qualified: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)
    unqualified: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)
    absent: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)
    unscheduled: Mapped[int] = mapped_column(SmallInteger, server_default=NONE)


class NeedCount(Base):
    """How many needs with one theme one participation stated in one month, and what became of them.

    ``bydel`` is where the first of them was stated.
    """

    __tablename__ = "need_count"
    __table_args__ = (
        Index("ix_need_count_month", "month"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    participation: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    bydel: Mapped[str] = mapped_column(String(2))
    stated: Mapped[int] = mapped_column(SmallInteger)
    reviewed: Mapped[int] = mapped_column(SmallInteger)
    met: Mapped[int] = mapped_column(SmallInteger)
    no_longer_wished: Mapped[int] = mapped_column(SmallInteger)


class ReleasedSheet(Base):
    """A tabulation of one year and area as it is read now: `lines` hides what it hides."""

    __tablename__ = "released_sheet"

    tabulation: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    area: Mapped[str] = mapped_column(String(4), primary_key=True)
    revision: Mapped[int] = mapped_column(SmallInteger)
    released: Mapped[date]
    lines: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SheetRevision(Base):
    """The same as it was released each time, the last time too."""

    __tablename__ = "sheet_revision"

    tabulation: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    area: Mapped[str] = mapped_column(String(4), primary_key=True)
    revision: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    released: Mapped[date]
    lines: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SheetLedger(Base):
    """What the next release must know of the last: exact counts. No page and no file reads it."""

    __tablename__ = "sheet_ledger"

    tabulation: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    area: Mapped[str] = mapped_column(String(4), primary_key=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    shown: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Every value that a count was ever shown with."""
    hidden: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The counts that are hidden now, and what each was when it came to be hidden."""


class ReleaseDay(Base):
    """A day on which figures were released, and how complete they were."""

    __tablename__ = "release_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    behind: Mapped[list[Any]] = mapped_column(JSONB)
    tabulations: Mapped[list[str] | None] = mapped_column(JSONB)
    """Which ones were counted, whether or not there was anything to count."""
