"""What a released table says: counts with the small ones hidden, of which day, how complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from nyefamilier.kernel.ids import BydelNumber

AREA: Final = "area"
"""The line that all other lines of a sheet add up to: the city, or the bydel that it is about."""

CITY_ONLY: Final = "00"
"""The line of families whose address is protected: they count in the city, and it is not shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One count as it may be shown.

    Args:
        value: The count; None where it is hidden.
        held_since: The day of an earlier release that it still shows, because what has
            changed since must not be seen; None where it is of this release.
    """

    value: int | None
    held_since: date | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """How complete a bydel's figures were on the day of the release.

    Args:
        bydel: The bydel; None for the city.
        phones: Phones in use there.
        phones_behind: Those that had not synced since the end of the day before.
        days: For how many days the one that is furthest behind has not; 0 where none is.
    """

    bydel: BydelNumber | None
    phones: int
    phones_behind: int
    days: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A time that a sheet was released because it had become different; 1 is the first."""

    number: int
    released: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tabulation of one year and area, as it was released.

    Args:
        tabulation: Its id.
        year: The calendar year, by the tabulation's clock.
        area: The bydel that it is about; None for the city.
        released: The day of the release that is shown.
        revision: How many times it has been released; 1 is the first, 0 if nothing has been
            counted yet.
        lines: The counts by line and column; the line `AREA` is the sum of the others.
        behind: How complete it is, bydel by bydel, and last the city.
    """

    tabulation: str
    year: int
    area: BydelNumber | None
    released: date
    revision: int
    lines: Mapping[str, Mapping[str, Shown]]
    behind: Sequence[Behind] = ()

    def as_complete_as(self, behind: Sequence[Behind]) -> Sheet:
        """The same sheet with how complete it is."""
        return replace(self, behind=behind)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sheets somebody wants to read.

    Args:
        tabulation: Its id.
        first_year: The first year.
        last_year: The last one.
        area: The bydel that they are about; None for the city.
        on: The day as of which they are read; None for now.
    """

    tabulation: str
    first_year: int
    last_year: int
    area: BydelNumber | None = None
    on: date | None = None
