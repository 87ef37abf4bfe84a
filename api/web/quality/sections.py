"""What a page of figures is made of: a heading, a finding, a chart, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from markupsafe import Markup

from api.web.formats import day
from api.web.texts import _
from nyefamilier.uptake.control import Bounds
from nyefamilier.uptake.differences import Difference
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.sheets import Sheet, Shown

Value: TypeAlias = Shown | Share | Difference | Bounds | str | None
"""What stands in a cell; None where it is hidden or there is nothing to say."""


class Kind(StrEnum):
    """What stands in a column."""

    COUNT = "count"
    SHARE = "share"
    GAP = "gap"
    LIMITS = "limits"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name for a machine, its heading, and what stands in it."""

    code: str
    words: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table.

    Args:
        code: Its name for a machine: a bydel's number, a year, a group's code.
        name: Its name for a reader.
        cells: One for each column; none where there is only something to say of it.
        remark: Why there are no cells, or what there is to know of them.
        own: Whether it is the reader's own bydel.
    """

    code: str
    name: str
    cells: tuple[Value, ...]
    remark: str = ""
    own: bool = False

    @property
    def is_held(self) -> bool:
        """Whether a count of it is an earlier release's."""
        return any(isinstance(one, Shown) and one.held_since is not None for one in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a section; *first* is the heading of the lines' names."""

    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None

    @property
    def is_held(self) -> bool:
        """Whether a count of it is an earlier release's."""
        return any(row.is_held for row in (*self.rows, *([self.total] if self.total else [])))


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in both widths."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page.

    Args:
        code: Its name in addresses.
        title: Its heading.
        finding: What it shows, in a sentence or two, and no more than it bears.
        caption: How the chart is read.
        draw: Draws the chart, for a page; a file needs none.
        notes: What else there is to know.
        table: The same numbers; None where nothing has been released.
        sheet: The release that it tells of, the newest of several.
    """

    code: str
    title: str
    finding: str
    caption: str = ""
    draw: Callable[[], Figure | None] = lambda: None
    notes: tuple[str, ...] = ()
    table: Table | None = None
    sheet: Sheet | None = None

    @property
    def figure(self) -> Figure | None:
        """The chart; None where there is nothing to draw."""
        return self.draw()

    @property
    def is_revised(self) -> bool:
        """Whether there are earlier numbers."""
        return self.sheet is not None and self.sheet.revision > 1

    @property
    def released(self) -> str:
        """When its numbers were released, and whether they have been revised."""
        if self.sheet is None:
            return ""
        if self.sheet.revision <= 1:
            return _("Released %(day)s, for the first time.", day=day(self.sheet.released))
        return _(
            "Released %(day)s, revision %(revision)s.",
            day=day(self.sheet.released),
            revision=self.sheet.revision,
        )


def drawn(wide: str, narrow: str) -> Figure:
    """A chart's two drawings, as a page writes them.

    The renderer escapes what it writes, and all of it is ours: names and numbers.
    """
    return Figure(Markup(wide), Markup(narrow))  # noqa: S704
