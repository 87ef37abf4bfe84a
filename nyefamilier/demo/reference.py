"""Reads what the simulation goes by: published figures, births, and assumptions that say so."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from nyefamilier.bydeler import service as bydeler
from nyefamilier.bydeler.reading import BydelEstimate, packaged_births
from nyefamilier.kernel.ids import BydelNumber


class Kind(StrEnum):
    """How a figure is counted; see `comparing`."""

    UPTAKE = "uptake"
    FAMILIES = "families"
    VISITS = "visits"
    BYDELER = "bydeler"
    NFP = "nfp"
    LEAVING = "leaving"
    INTERPRETED = "interpreted"


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure, or one that nobody published and that says so.

    Args:
        reading: How we take it, where the source leaves room.
    """

    key: str
    name: str
    kind: Kind
    bydel: BydelNumber | None
    first_year: int
    last_year: int
    value: int | None
    source: str
    reading: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of one bydel; every share is between 0 and 1."""

    uptake: float
    leaving: float
    other_language: float


@dataclass(frozen=True, slots=True)
class Language:
    """A mother tongue: its share among those that are not Norwegian, and the need to interpret."""

    code: str
    share: float
    interpreter: float


@cache
def published() -> tuple[Published, ...]:
    """The figures to reproduce."""
    return tuple(
        Published(
            key=row["key"],
            name=row["name"],
            kind=Kind(row["kind"]),
            bydel=BydelNumber(row["bydel"]) if row["bydel"] else None,
            first_year=int(row["first_year"]),
            last_year=int(row["last_year"]),
            value=int(row["published"]) if row["published"] else None,
            source=row["source"],
            reading=row["reading"],
        )
        for row in _rows("published.csv")
    )


def figure(key: str) -> int:
    """A published figure by its key.

    Raises:
        KeyError: there is none of that key, or it has no value.
    """
    return {one.key: one.value for one in published() if one.value is not None}[key]


def births(year: int) -> int:
    """Children born in Oslo in a year; those after the last known are taken to be like it."""
    known = _births()
    return known[min(year, max(known))]


@cache
def _births() -> dict[int, int]:
    return {year: known.births for year, known in packaged_births().items()}


@cache
def assumed() -> dict[BydelNumber, Assumed]:
    """What is assumed of each bydel."""
    return {
        BydelNumber(row["bydel"]): Assumed(
            float(row["uptake"]), float(row["leaving"]), float(row["other_language"])
        )
        for row in _rows("bydeler.csv")
    }


@cache
def languages() -> tuple[Language, ...]:
    """Mother tongues other than Norwegian."""
    return tuple(
        Language(row["code"], float(row["share"]), float(row["interpreter"]))
        for row in _rows("languages.csv")
    )


@cache
def estimates() -> tuple[BydelEstimate, ...]:
    """Births and first births of each bydel: planning weights."""
    return bydeler.estimates()


@cache
def words() -> dict[str, list[str]]:
    """The sentences that notes and needs are made of, by occasion."""
    return tomllib.loads((_data() / "words.toml").read_text("utf-8"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (_data() / name).read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))


def _data() -> Traversable:
    return resources.files("nyefamilier.demo") / "data"
