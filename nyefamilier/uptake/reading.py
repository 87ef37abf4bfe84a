"""Reads the catalogue of indicators, which ships with the package: what each figure counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from nyefamilier.kernel import toml
from nyefamilier.kernel.toml import Section, Unreadable
from nyefamilier.uptake.tabulations import BY_ID


class Kind(StrEnum):
    """What sort of a figure it is."""

    COUNT = "count"
    SHARE = "share"
    ESTIMATE = "estimate"
    """Families whom nobody counted."""
    SHARE_OF_ESTIMATE = "share_of_estimate"
    """A count by an estimate, with the estimate's range and no interval."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator, as a statistician needs it told.

    ``numerator`` and ``denominator`` are ids of other indicators, or columns of ``tabulation``
    where it has one (added, where ``+`` is between them); None in a count. ``column`` is the column
    of ``tabulation`` that a count is. A share of an estimate has an estimate's id as denominator.
    """

    id: str
    kind: Kind
    name_nb: str
    name_en: str
    counts: str
    tabulation: str | None
    column: str | None
    numerator: str | None
    denominator: str | None
    unit: str
    areas: str
    cohort_rule: str
    clock: str
    exclusions: str
    source: str
    since: str
    late_data: str
    not_claimed: str
    small_numbers: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators of one version of the definitions."""

    version: int
    valid_from: date
    items: tuple[Definition, ...]


_OWN: Final = {"id", "kind", "name", "counts", "source"}
_PARTS: Final = {"numerator", "denominator"}
_TABULATED: Final = {"tabulation", "column"}
_COMMON: Final = {
    "unit", "areas", "cohort_rule", "clock", "exclusions", "since", "late_data", "not_claimed",
    "small_numbers",
}  # fmt: skip


@cache
def catalogue() -> Catalogue:
    """The indicators that there are.

    Raises:
        Unreadable: the data is not what it should be.
    """
    file = resources.files("nyefamilier.uptake").joinpath("data/indicators.toml")
    return read_catalogue(file.read_text("utf-8"))


def read_catalogue(text: str) -> Catalogue:
    """The catalogue that a TOML text tells.

    Raises:
        Unreadable: it is not TOML, a word is missing or not known, an id is there twice, or a
            share is not made of two counts of the catalogue or of columns of its tabulation.
    """
    whole = toml.parse(text, "the indicators")
    whole.require({"version", "valid_from", "common", "indicator"}, set())
    common = whole.section("common")
    common.require(_COMMON, set())
    items = tuple(_definition(section, common) for section in whole.sections("indicator"))
    _check(items)
    return Catalogue(whole.whole("version"), whole.day("valid_from"), items)


def _definition(section: Section, common: Section) -> Definition:
    kind = section.word("kind", Kind)
    parts = _PARTS if kind in {Kind.SHARE, Kind.SHARE_OF_ESTIMATE} else set()
    optional = _COMMON | (_TABULATED if kind is Kind.COUNT else {"tabulation"})
    section.require(_OWN | parts, optional)
    name = section.section("name")
    name.require({"nb", "en"}, set())
    shared = {key: (section if key in section.values else common).text(key) for key in _COMMON}
    return Definition(
        id=section.text("id"),
        kind=kind,
        name_nb=name.text("nb"),
        name_en=name.text("en"),
        counts=section.text("counts"),
        tabulation=_text_if_any(section, "tabulation"),
        column=_text_if_any(section, "column"),
        numerator=section.text("numerator") if parts else None,
        denominator=section.text("denominator") if parts else None,
        source=section.text("source"),
        **shared,
    )


def _text_if_any(section: Section, key: str) -> str | None:
    return section.text(key) if key in section.values else None


def _check(items: Sequence[Definition]) -> None:
    kinds = {one.id: one.kind for one in items}
    if len(kinds) != len(items):
        raise Unreadable("the indicators: an id is there twice")
    for one in items:
        if (
            one.kind is Kind.SHARE_OF_ESTIMATE
            and kinds.get(one.denominator or "") is not Kind.ESTIMATE
        ):
            raise Unreadable(f"{one.id}: {one.denominator} is no estimate of the catalogue")
        if one.tabulation is not None or one.column is not None:
            _check_columns(one)
            continue
        for part in (one.numerator, one.denominator):
            if part is not None and kinds.get(part) is not Kind.COUNT:
                raise Unreadable(f"{one.id}: {part} is no count of the catalogue")


def _check_columns(one: Definition) -> None:
    table = BY_ID.get(one.tabulation or "")
    if table is None:
        raise Unreadable(f"{one.id}: {one.tabulation} is no tabulation")
    named = [one.column] if one.kind is Kind.COUNT else [one.numerator]
    named += [one.denominator] if one.kind is Kind.SHARE else []
    columns = {column.code for column in table.columns}
    for part in named:
        unknown = set((part or "none").split(" + ")) - columns
        if unknown:
            raise Unreadable(f"{one.id}: {', '.join(sorted(unknown))} is no column of {table.id}")
