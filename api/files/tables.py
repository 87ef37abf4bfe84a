"""A table as every format writes it: typed columns, rows, and what is to be known of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Cell: TypeAlias = str | int | float | date | None
"""A value of a table; None where it is hidden or there is none."""


class Form(StrEnum):
    """A format that a table can be had in."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    WHOLE = "whole"
    SHARE = "share"
    """A number between 0 and 1, or its limit."""
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        code: Its name in Parquet, which stays the same in every language.
        title: Its name for the reader.
        kind: What its cells are.
        means: What it counts, for the sheet of definitions.
    """

    code: str
    title: str
    kind: Kind = Kind.TEXT
    means: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table and what is to be known of it.

    Args:
        name: The file's name, without an ending.
        title: What it is, for the reader.
        columns: Its columns, in order.
        rows: A cell for each column.
        about: Pairs of a label and a text: the revision, how complete it is, what may be claimed.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()
