"""What a plan's page is made of: parts with a finding, a chart and a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from api.web.quality.sections import Figure
from nyefamilier.kernel.ids import BydelNumber

Told: TypeAlias = Mapping[str, Any]
"""What a simulation says, as it is kept."""
Names: TypeAlias = Mapping[BydelNumber, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Args:
        name: What it is about.
        cells: One for each further column.
        levels: How strained each cell is, from 0 to 3, where the table is a heat map.
        assumption: The assumption that it is about.
        grounds: What each cell comes of, where that is not the same in all of a column.
    """

    name: str
    cells: tuple[str, ...]
    levels: tuple[int, ...] = ()
    assumption: str = ""
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    Args:
        code: Its name in addresses.
        title: Its heading.
        finding: What it shows, in a sentence or two.
        caption: How chart and table are read.
        heads: The table's heads.
        lines: Its lines.
        figure: The chart; None where the table says it all.
        rests: The assumptions that its numbers rest on.
        is_words: Whether its cells are text and not numbers.
        ends_in_words: Whether the last column alone is text.
        grounds: For each column what its numbers come of, by the name in ``grounds.GROUNDS``; empty
            where a column has none.
    """

    code: str
    title: str
    finding: str
    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    figure: Figure | None = None
    rests: tuple[str, ...] = ()
    is_words: bool = False
    ends_in_words: bool = False
    grounds: tuple[str, ...] = ()

    @property
    def ground(self) -> str:
        """What the numbers of its finding and of its chart come of."""
        return next(filter(None, self.grounds), "")
