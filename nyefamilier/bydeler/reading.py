"""Reads the reference data that ships with the package, and reforms from TOML.

Every row has its source; what is an estimate, a judgement or an assumption says so in its label.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from nyefamilier.bydeler.reforms import Move, NewBydel, Reform
from nyefamilier.bydeler.rules import Boundaries, Bydel, Delbydel, Membership, Serving
from nyefamilier.kernel import toml
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.kernel.toml import Section, Unreadable


@dataclass(frozen=True, slots=True)
class BydelEstimate:
    """Planning weights of a bydel. Births are estimates: what is made of them says so."""

    bydel: BydelNumber
    population_2020: int
    births_per_year: int
    first_births_per_year: int
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class YearBirths:
    """Children born to mothers in Oslo in a year.

    Args:
        is_estimate: Whether no source gives the number.
    """

    births: int
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Assumption:
    """A factor or a share that is judged, and how far off it may be."""

    value: float
    low: float
    high: float


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
_PLAIN = re.compile(r"[a-z0-9-]+\Z")
_FOUNDED = date(2004, 1, 1)


@cache
def packaged_boundaries() -> Boundaries:
    """The boundaries since 2004, as the package knows them: one value, that nobody can change."""
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


def packaged_births() -> dict[int, YearBirths]:
    """Oslo's births by year."""
    return {
        int(row["year"]): YearBirths(int(row["births"]), row["label"] == "estimate")
        for row in _rows("births.csv")
    }


def packaged_eligibility() -> dict[str, Assumption]:
    """How births become an estimate of families in the target group."""
    return {
        row["name"]: Assumption(float(row["value"]), float(row["low"]), float(row["high"]))
        for row in _rows("eligibility.csv")
    }


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
        Unreadable: there is none of that name, or the file is broken.
    """
    file = _data("reforms") / f"{name}.toml"
    if not _PLAIN.match(name) or not file.is_file():
        raise Unreadable(f"no reform is called {name!r}")
    return read_reform(file.read_text("utf-8"), file.name)


def read_reform(text: str, where: str = "the reform") -> Reform:
    """Read a reform.

    Raises:
        Unreadable: it is not TOML, a word is missing or not known, or a number or code cannot be
            one.
    """
    section = toml.parse(text, where)
    section.require({"name", "on", "label", "source"}, {"opens", "closes", "moves", "serves"})
    return Reform(
        name=section.text("name"),
        on=section.day("on"),
        label=section.text("label"),
        source=section.text("source"),
        opens=tuple(map(_new_bydel, section.sections("opens"))),
        closes=_numbers(section, "closes"),
        moves=tuple(map(_move, section.sections("moves"))),
        serves=tuple(map(_serves, section.sections("serves"))),
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


def _new_bydel(section: Section) -> NewBydel:
    section.require({"number", "name"}, {"code"})
    return NewBydel(
        number=_number(section, "number"),
        name=section.text("name"),
        code=section.text("code") if "code" in section.values else None,
    )


def _move(section: Section) -> Move:
    section.require({"to"}, {"bydeler", "delbydeler"})
    return Move(
        to=_number(section, "to"),
        bydeler=_numbers(section, "bydeler"),
        delbydeler=_codes(section, "delbydeler"),
    )


def _serves(section: Section) -> tuple[BydelNumber, BydelNumber]:
    section.require({"bydel", "by"}, set())
    return _number(section, "bydel"), _number(section, "by")


def _number(section: Section, key: str) -> BydelNumber:
    return BydelNumber(_shaped(section, section.text(key), _NUMBER))


def _numbers(section: Section, key: str) -> tuple[BydelNumber, ...]:
    return tuple(BydelNumber(_shaped(section, one, _NUMBER)) for one in section.texts(key))


def _codes(section: Section, key: str) -> tuple[DelbydelCode, ...]:
    return tuple(DelbydelCode(_shaped(section, one, _CODE)) for one in section.texts(key))


def _shaped(section: Section, text: str, shape: re.Pattern[str]) -> str:
    if not shape.match(text):
        raise section.unreadable(
            f"{text!r} is not a number of two digits or a code of ten digits that begins with 0301"
        )
    return text
