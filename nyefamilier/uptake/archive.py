"""Reads and writes of released sheets, and of what the next release must know of the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import Row, Select, Table, and_, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.base import Base
from nyefamilier.storage.copying import copy_rows
from nyefamilier.uptake.cutting import Cell
from nyefamilier.uptake.earlier import Remembered
from nyefamilier.uptake.patience import take_time
from nyefamilier.uptake.sheets import CITY_ONLY, Behind, Revision, Sheet, Shown, Wanted
from nyefamilier.uptake.tables import ReleaseDay, ReleasedSheet, SheetLedger, SheetRevision

CITY: Final = "city"
"""In place of a bydel where a sheet's area is part of a key."""

Key: TypeAlias = tuple[int, BydelNumber | None]
"""The year and the area of a sheet."""
Newest: TypeAlias = tuple[date, tuple[Behind, ...]]
"""The day of a release, and how complete it was."""


def lock(session: Session) -> None:
    """Wait for whoever releases figures just now, and keep others waiting until this is over."""
    session.execute(text("LOCK TABLE release_day IN EXCLUSIVE MODE"))
    take_time(session)  # after the lock: whoever releases is waited for no longer than before


def sheets(
    session: Session,
    tabulations: Sequence[str],
    first_year: int,
    last_year: int,
    area: BydelNumber | None,
) -> list[Sheet]:
    """The sheets of some years that are read now, oldest first; only those that there are."""
    is_asked = ReleasedSheet.tabulation.in_(tabulations) & (ReleasedSheet.area == (area or CITY))
    years = ReleasedSheet.year.between(first_year, last_year)
    found = select(*_columns(ReleasedSheet)).where(is_asked, years).order_by(ReleasedSheet.year)
    return [_sheet(row) for row in session.execute(found)]


def sheets_on(session: Session, wanted: Wanted, on: date) -> list[Sheet]:
    """The sheets that were read at the end of a day, oldest first; only those that there were."""
    key = SheetRevision.tabulation, SheetRevision.year, SheetRevision.area
    newest = (
        select(*key, func.max(SheetRevision.revision))
        .where(
            SheetRevision.tabulation == wanted.tabulation,
            SheetRevision.area == (wanted.area or CITY),
            SheetRevision.year.between(wanted.first_year, wanted.last_year),
            SheetRevision.released <= on,
        )
        .group_by(*key)
    )
    found = (
        select(*_columns(SheetRevision))
        .where(tuple_(*key, SheetRevision.revision).in_(newest))
        .order_by(SheetRevision.year)
    )
    return [_sheet(row) for row in session.execute(found)]


def revision(
    session: Session, tabulation: str, year: int, area: BydelNumber | None, number: int
) -> Sheet | None:
    """A sheet as it was released the first time, or the second, and so on."""
    key = SheetRevision.tabulation, SheetRevision.year, SheetRevision.area, SheetRevision.revision
    asked = zip(key, (tabulation, year, area or CITY, number), strict=True)
    found = select(*_columns(SheetRevision)).where(*(column == value for column, value in asked))
    return next((_sheet(row) for row in session.execute(found)), None)


def revisions(
    session: Session, tabulation: str, year: int, area: BydelNumber | None
) -> list[Revision]:
    """Each revision of a sheet and its day, oldest first."""
    found = select(SheetRevision.revision, SheetRevision.released).where(
        SheetRevision.tabulation == tabulation,
        SheetRevision.year == year,
        SheetRevision.area == (area or CITY),
    )
    return [
        Revision(row[0], row[1]) for row in session.execute(found.order_by(SheetRevision.revision))
    ]


def newest_day(
    session: Session, tabulations: Sequence[str], until: date | None = None
) -> Newest | None:
    """The newest day, not after *until*, of a release of all these, and how complete it was."""
    holds = ReleaseDay.tabulations.contains(list(tabulations))
    newest = _days().where(holds).order_by(ReleaseDay.day.desc()).limit(1)
    if until is not None:
        newest = newest.where(ReleaseDay.day <= until)
    row = session.execute(newest).one_or_none()
    return None if row is None else (row[0], _behind(row[1]))


def newest_days(session: Session) -> dict[str, date]:
    """The newest day of each tabulation that has been released."""
    each = func.jsonb_array_elements_text(ReleaseDay.tabulations).label("tabulation")
    days = select(each, ReleaseDay.day).subquery()
    found = select(days.c.tabulation, func.max(days.c.day)).group_by(days.c.tabulation)
    return {row[0]: row[1] for row in session.execute(found)}


def behind_on(session: Session, day: date) -> tuple[Behind, ...]:
    """How complete the figures of a day were."""
    row = session.execute(_days().where(ReleaseDay.day == day)).one_or_none()
    return () if row is None else _behind(row[1])


def write_day(
    session: Session, day: date, behind: Iterable[Behind], tabulations: Sequence[str]
) -> None:
    """Write down that figures were released, and how complete they are."""
    told = [[one.bydel, one.phones, one.phones_behind, one.days] for one in behind]
    values = {"behind": told, "tabulations": list(tabulations)}
    row = insert(ReleaseDay).values(day=day, **values)
    session.execute(row.on_conflict_do_update(index_elements=["day"], set_=values))


def remembered(session: Session, tabulation: str) -> dict[Key, tuple[int, Remembered]]:
    """What is kept of each sheet of a tabulation, and its newest revision."""
    same = [
        ledger == read
        for ledger, read in zip(_columns(SheetLedger)[:3], _columns(ReleasedSheet)[:3], strict=True)
    ]
    found = (
        select(*_columns(ReleasedSheet), SheetLedger.counts, SheetLedger.shown, SheetLedger.hidden)
        .join(SheetLedger, and_(*same))
        .where(ReleasedSheet.tabulation == tabulation)
    )
    return {
        (row.year, _area(row.area)): (
            row.revision,
            Remembered(
                _cells(row.counts),
                _cells(row.shown),
                _cells(row.hidden),
                {cell: _shown(told) for cell, told in _cells(row.lines).items()},
                row.released,
            ),
        )
        for row in session.execute(found)
    }


def write_ledger(session: Session, tabulation: str, kept: Mapping[Key, Remembered]) -> None:
    """Keep for the next release what it must know of this one."""
    rows = [
        {
            **_key(tabulation, key),
            "counts": _nested(one.counts),
            "shown": _nested(one.values),
            "hidden": _nested(one.hidden),
        }
        for key, one in kept.items()
    ]
    _replace(session, SheetLedger, rows)


def write_sheets(
    session: Session, tabulation: str, released: Mapping[Key, tuple[int, Remembered]]
) -> None:
    """Write sheets, to be read from now on and for good."""
    rows = [
        {
            **_key(tabulation, key),
            "revision": number,
            "released": one.day,
            "lines": _nested({cell: _told(shown) for cell, shown in one.shown.items()}),
        }
        for key, (number, one) in released.items()
    ]
    _replace(session, ReleasedSheet, rows)
    copy_rows(session.connection(), cast("Table", SheetRevision.__table__), rows)


def _columns(mapped: type[Any]) -> list[Any]:
    names = ["tabulation", "year", "area", "revision", "released", "lines"]
    return [getattr(mapped, name) for name in names if hasattr(mapped, name)]


def _days() -> Select[tuple[date, list[Any]]]:
    return select(ReleaseDay.day, ReleaseDay.behind)


def _key(tabulation: str, key: Key) -> dict[str, object]:
    year, area = key
    return {"tabulation": tabulation, "year": year, "area": area or CITY}


def _replace(session: Session, mapped: type[Base], rows: Sequence[dict[str, object]]) -> None:
    if not rows:
        return
    new = insert(mapped)
    names = [name for name in rows[0] if name not in {"tabulation", "year", "area"}]
    values = {name: new.excluded[name] for name in names}
    keys = ["tabulation", "year", "area"]
    session.execute(new.on_conflict_do_update(index_elements=keys, set_=values), rows)


def _sheet(row: Row[*tuple[Any, ...]]) -> Sheet:
    lines = {
        line: {column: _shown(told) for column, told in columns.items()}
        for line, columns in row.lines.items()
        if line != CITY_ONLY
    }
    area = _area(row.area)
    return Sheet(row.tabulation, row.year, area, row.released, row.revision, lines)


def _area(area: str) -> BydelNumber | None:
    return None if area == CITY else BydelNumber(area)


def _told(shown: Shown) -> int | list[object] | None:
    """A count as JSON; one that is held with the day that it is of."""
    if shown.held_since is None:
        return shown.value
    return [shown.value, shown.held_since.isoformat()]


def _shown(told: int | Sequence[Any] | None) -> Shown:
    if told is None or isinstance(told, int):
        return _counted(told)
    return Shown(told[0], date.fromisoformat(told[1]))


@lru_cache(maxsize=4096)  # a page has thousands of counts, and most are the same few
def _counted(count: int | None) -> Shown:
    return Shown(count)


def _nested(values: Mapping[Cell, object]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for (line, column), value in values.items():
        found.setdefault(line, {})[column] = value
    return found


def _cells(nested: Mapping[str, Mapping[str, Any]]) -> dict[Cell, Any]:
    return {
        Cell(line, column): value
        for line, columns in nested.items()
        for column, value in columns.items()
    }


def _behind(rows: Iterable[Sequence[Any]]) -> tuple[Behind, ...]:
    return tuple(Behind(*row) for row in rows)
