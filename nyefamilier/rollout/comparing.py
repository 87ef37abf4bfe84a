"""What differs between two plans, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from nyefamilier.kernel.strict_json import escaped
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.plan import BudgetLine, Hiring, Observed, Plan, Redrawn, Wave

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """A place that differs. A side that lacks it has None.

    Args:
        pointer: The place; rows of a list are named by what they are about, not by their number.
    """

    pointer: str
    before: Value
    after: Value


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """All that differs, by place. The order of rows in a document makes no difference."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    return tuple(
        Change(pointer, old.get(pointer), new.get(pointer))
        for pointer in sorted(old.keys() | new.keys())
        if old.get(pointer) != new.get(pointer)
    )


def _leaves(pointer: str, value: object) -> Iterator[tuple[str, Value]]:
    for name, part in _parts(value):
        yield from _leaves(f"{pointer}/{escaped(name)}", part)
    if not isinstance(value, Mapping | tuple) and not _is_record(value):
        yield pointer, _plain(value)


def _parts(value: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - whatever a plan holds
    if isinstance(value, Mapping):
        yield from ((str(key), part) for key, part in value.items())
    elif isinstance(value, tuple):
        yield from _named(value)
    elif _is_record(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))


def _named(rows: tuple[Any, ...]) -> Iterator[tuple[str, object]]:
    """Rows by what they are about; those that are about the same are numbered."""
    seen: dict[str, int] = {}
    for row in rows:
        name = _name(row)
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), row


def _name(row: object) -> str:
    match row:
        case Wave():
            return f"{row.bydel} {row.programme}"
        case Hiring():
            return f"{row.bydel} {row.decided}"
        case BudgetLine():
            return f"{row.name} {row.year}"
        case Observed():
            return row.bydel
        case Redrawn():
            return row.name
        case _:
            return str(row)


def _is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Month)


def _plain(value: object) -> Value:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, Month | date | StrEnum):
        return str(value)
    return value  # type: ignore[return-value]  # what is left of a plan's values is plain
