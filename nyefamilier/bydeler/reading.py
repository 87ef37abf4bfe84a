"""Reads the reference data that ships with the package, and reforms from TOML.

Every row has its source; what is an estimate, a judgement or an assumption says so in its label.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from nyefamilier.bydeler.reforms import Move, NewBydel, Reform
from nyefamilier.bydeler.rules import Boundaries, Bydel, Delbydel, Membership, Serving
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode


class ReformUnreadable(ValueError):  # noqa: N818 - a refusal, named for what it says
    """The text is not a reform; the message says where and why."""


@dataclass(frozen=True, slots=True)
class BydelEstimate:
    """Planning weights of a bydel. Births are estimates and never shown as statistics."""

    bydel: BydelNumber
    population_2020: int
    births_per_year: int
    first_births_per_year: int
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Rollout:
    """A bydel has had a programme from a day.

    Args:
        precision: How much of the day is known: ``day``, ``month``, ``season`` or ``year``.
        label: ``assumption: ...`` where sources do not name the bydel.
    """

    bydel: BydelNumber
    programme: str
    valid_from: date
    precision: str
    label: str
    source: str

    @property
    def is_assumed(self) -> bool:
        """Whether no source names the bydel."""
        return self.label.startswith("assumption")


_NUMBER = re.compile(r"[0-9]{2}\Z")
_CODE = re.compile(r"0301[0-9]{6}\Z")
_FOUNDED = date(2004, 1, 1)


def packaged_boundaries() -> Boundaries:
    """The boundaries since 2004, as the package knows them."""
    return Boundaries(
        bydeler=tuple(map(_bydel, _rows("bydeler.csv"))),
        delbydeler=tuple(map(_delbydel, _rows("delbydeler.csv"))),
        memberships=tuple(map(_membership, _rows("delbydeler.csv"))),
        served=tuple(map(_served_by, _rows("served_by.csv"))),
    )


def packaged_estimates() -> tuple[BydelEstimate, ...]:
    """Population and planning weights of each bydel."""
    return tuple(
        BydelEstimate(
            bydel=BydelNumber(row["bydel"]),
            population_2020=int(row["population_2020"]),
            births_per_year=int(row["births_per_year"]),
            first_births_per_year=int(row["first_births_per_year"]),
            label=row["label"],
            source=row["source"],
        )
        for row in _rows("estimates.csv")
    )


def packaged_rollout() -> tuple[Rollout, ...]:
    """The history of the programmes in the bydeler: what sources name, then what is assumed."""
    return tuple(
        Rollout(
            bydel=BydelNumber(row["bydel"]),
            programme=row["programme"],
            valid_from=date.fromisoformat(row["from"]),
            precision=row["precision"],
            label=row["label"],
            source=row["source"],
        )
        for file in ("rollout.csv", "rollout_assumptions.csv")
        for row in _rows(file)
    )


def packaged_reform(name: str) -> Reform:
    """A reform that ships with the package, by its file name without ``.toml``.

    Raises:
        ReformUnreadable: there is none of that name, or the file is broken.
    """
    file = _data("reforms") / f"{name}.toml"
    if not _is_plain(name) or not file.is_file():
        raise ReformUnreadable(f"no reform is called {name!r}")
    return read_reform(file.read_text("utf-8"))


def read_reform(text: str) -> Reform:
    """Read a reform.

    Raises:
        ReformUnreadable: it is not TOML, misses a word, has a word that is not known, or a number
            or code that cannot be one.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ReformUnreadable(f"not TOML: {problem}") from problem
    _require_keys(
        "the reform",
        table,
        {"name", "on", "label", "source"},
        {"opens", "closes", "moves", "serves"},
    )
    return Reform(
        name=_text("the reform", table["name"]),
        on=_day(table["on"]),
        label=_text("the reform", table["label"]),
        source=_text("the reform", table["source"]),
        opens=tuple(map(_new_bydel, _tables(table, "opens"))),
        closes=_numbers("the reform", table.get("closes", [])),
        moves=tuple(map(_move, _tables(table, "moves"))),
        serves=tuple(map(_serves, _tables(table, "serves"))),
    )


def _data(name: str) -> Traversable:
    return resources.files("nyefamilier.bydeler") / "data" / name


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = _data(name).read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))


def _until(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _bydel(row: Mapping[str, str]) -> Bydel:
    return Bydel(
        number=BydelNumber(row["number"]),
        code=row["code"] or None,
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_until(row["valid_to"]),
        administered=row["administered"] == "yes",
        source=row["source"],
    )


def _delbydel(row: Mapping[str, str]) -> Delbydel:
    return Delbydel(
        code=DelbydelCode(row["code"]),
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_until(row["valid_to"]),
        successors=tuple(map(DelbydelCode, row["successors"].split())),
        label=row["label"],
        source=row["source"],
    )


def _membership(row: Mapping[str, str]) -> Membership:
    # The ground lay in the bydel before its present code was made.
    return Membership(
        DelbydelCode(row["code"]), BydelNumber(row["bydel"]), _FOUNDED, _until(row["valid_to"])
    )


def _served_by(row: Mapping[str, str]) -> Serving:
    return Serving(
        bydel=BydelNumber(row["bydel"]),
        served_by=BydelNumber(row["served_by"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_until(row["valid_to"]),
        label=row["label"],
        source=row["source"],
    )


def _new_bydel(table: Mapping[str, Any]) -> NewBydel:
    _require_keys("[[opens]]", table, {"number", "name"}, {"code"})
    code = table.get("code")
    return NewBydel(
        number=_number("[[opens]]", table["number"]),
        name=_text("[[opens]]", table["name"]),
        code=None if code is None else _text("[[opens]]", code),
    )


def _move(table: Mapping[str, Any]) -> Move:
    _require_keys("[[moves]]", table, {"to"}, {"bydeler", "delbydeler"})
    return Move(
        to=_number("[[moves]]", table["to"]),
        bydeler=_numbers("[[moves]]", table.get("bydeler", [])),
        delbydeler=tuple(map(_code, _list("[[moves]]", table.get("delbydeler", [])))),
    )


def _serves(table: Mapping[str, Any]) -> tuple[BydelNumber, BydelNumber]:
    _require_keys("[[serves]]", table, {"bydel", "by"}, set())
    return _number("[[serves]]", table["bydel"]), _number("[[serves]]", table["by"])


def _require_keys(
    where: str, table: Mapping[str, Any], needed: set[str], optional: set[str]
) -> None:
    if missing := needed - table.keys():
        raise ReformUnreadable(f"{where}: {sorted(missing)} missing")
    if unknown := table.keys() - needed - optional:
        raise ReformUnreadable(f"{where}: {sorted(unknown)} is not a word of a reform")


def _tables(table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = _list(key, table.get(key, []))
    if not all(isinstance(one, dict) for one in found):
        raise ReformUnreadable(f"{key} is written [[{key}]], once for each")
    return found


def _list(where: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ReformUnreadable(f"{where}: a list is needed")
    return value


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ReformUnreadable(f"{where}: a text with words in it is needed")
    return value


def _day(value: object) -> date:
    if type(value) is not date:  # a datetime is a date to isinstance
        raise ReformUnreadable("the reform: on is a day, as 2028-01-01")
    return value


def _number(where: str, value: object) -> BydelNumber:
    if not isinstance(value, str) or not _NUMBER.match(value):
        raise ReformUnreadable(f"{where}: a bydel's number is two digits in quotes")
    return BydelNumber(value)


def _numbers(where: str, value: object) -> tuple[BydelNumber, ...]:
    return tuple(_number(where, one) for one in _list(where, value))


def _code(value: object) -> DelbydelCode:
    if not isinstance(value, str) or not _CODE.match(value):
        raise ReformUnreadable("[[moves]]: a delbydel's code is ten digits in quotes, 0301...")
    return DelbydelCode(value)


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]+", name) is not None
