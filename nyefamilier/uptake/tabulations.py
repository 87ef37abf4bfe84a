"""The tables that are published: what is counted by which clock, and into which parts it is split.

A tabulation is a tree of counts. Its root is everybody; a column is split into parts that leave
nobody out and count nobody twice, so the parts add up to it. Its lines are bydeler, tertials or
groups, and they add up to the line of the area. All counts of one year and area are released
together (`release`), and every share is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Clock(StrEnum):
    """Which year a family, a visit or a need belongs to."""

    IDENTIFIED = "identified"
    """The year in which the family became known to the programme."""
    BORN = "born"
    """The year in which the child was born."""
    VISITED = "visited"
    """The year of the visit."""
    STATED = "stated"
    """The year in which the need was stated."""


class By(StrEnum):
    """What the lines of a tabulation are. The area is the city, but one bydel where by tertial."""

    BYDEL = "bydel"
    TERTIAL = "tertial"
    LANGUAGE = "language"
    BASIS = "basis"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Column:
    """One count of each line.

    Args:
        code: Its name in the table, in the database and on the wire.
        of: The column that it is a part of; None in the root.
        split: Where one column is split twice, which of the two splits it belongs to.
        is_delicate: Whether a small count says something that families did or are.
        worth: What it costs a reader to miss it, against the other columns.
    """

    code: str
    of: str | None = None
    split: str = "parts"
    is_delicate: bool = True
    worth: int = 1


@dataclass(frozen=True, slots=True)
class Parent:
    """The count of another tabulation that a tabulation splits further.

    By bydel, each line's root is that column in the same line. Otherwise the area's line is the
    line of the area in the other tabulation, with all its columns.

    Args:
        tabulation: The other tabulation's id.
        column: The column that is split; None where lines are.
        same: Other columns that count the very same in both: here, and there.
    """

    tabulation: str
    column: str | None = None
    same: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tabulation:
    """One table: see the module.

    Args:
        id: Its name on the wire.
        clock: Which year a thing belongs to.
        by: What its lines are.
        columns: The tree, root first and every column after the one that it is a part of; a root
            that is not split is the table's one count.
        parent: What it splits further; None where it stands by itself.
        unprinted_sums: Counts whose sum, though not printed, must not be told if it is small.
        since: The first year that is counted; before it nothing of the kind was defined.
    """

    id: str
    clock: Clock
    by: By
    columns: tuple[Column, ...]
    parent: Parent | None = None
    unprinted_sums: tuple[tuple[str, ...], ...] = ()
    since: int = 0

    @property
    def root(self) -> str:
        """The column that counts everybody."""
        return self.columns[0].code

    @property
    def leaves(self) -> tuple[str, ...]:
        """The columns that are not split further, of all splits."""
        split = {column.of for column in self.columns}
        return tuple(column.code for column in self.columns if column.code not in split)

    def parts(self, code: str) -> dict[str, tuple[str, ...]]:
        """The parts of a column, by split; empty for a leaf."""
        found: dict[str, tuple[str, ...]] = {}
        for column in self.columns:
            if column.of == code:
                found[column.split] = (*found.get(column.split, ()), column.code)
        return found


def _tree(root: str, *parts: Column, worth: int = 40) -> tuple[Column, ...]:
    return (Column(root, worth=worth), *parts)


def _split(of: str, *codes: str, worth: int = 5) -> tuple[Column, ...]:
    return tuple(Column(code, of, worth=worth) for code in codes)


_UPTAKE: Final = _tree(
    "eligible",
    Column("not_offered", "eligible", "offer", is_delicate=False, worth=2),
    Column("offered", "eligible", "offer", worth=30),
    Column("accepted", "offered", worth=20),
    Column("declined", "offered", worth=3),
    Column("later", "offered"),
    Column("unanswered", "offered"),
    Column("reached", "eligible", "reach", worth=20),
    Column("not_reached", "eligible", "reach", worth=2),
)
_UPTAKE_SUMS: Final = (
    ("accepted", "declined", "later"),  # answered
    ("declined", "later", "unanswered"),  # offered and not accepted
)
_KOSTRA_10_SINCE: Final = 2025
"""Source: SSB, KOSTRA skjema 1, which asks for it first in the reporting for 2025."""
_IN_TIME: Final = ("in_time", "not_in_time", "too_early")


def _of_uptake(name: str, by: By) -> Tabulation:
    return Tabulation(name, Clock.IDENTIFIED, by, _UPTAKE, Parent("uptake"), _UPTAKE_SUMS)


def _of_births(name: str, column: str, *parts: Column) -> Tabulation:
    columns = _tree(column, *parts)
    return Tabulation(name, Clock.BORN, By.BYDEL, columns, Parent("funnel", column))


def _of_visits(name: str, *parts: Column) -> Tabulation:
    columns = _tree("visits", *parts)
    return Tabulation(name, Clock.VISITED, By.BYDEL, columns, Parent("visits", "visits"))


def _active(of: str, months: int) -> tuple[Column, ...]:
    """Who is active so many months after the birth, of those who were at the age before."""
    codes = (f"{code}_{months}" for code in ("left_before", "moved_or_lost_before", "younger_than"))
    return _split(of, f"active_{months}", *codes)


_NEEDS: Final = _tree(
    "stated",
    *_split("stated", "reviewed", "not_reviewed", worth=10),
    *_split("reviewed", "met", "no_longer_wished", "still_open"),
)

_OWN_NURSE: Final = _split("visits", "own_nurse", "another_nurse")

TABULATIONS: Final[Sequence[Tabulation]] = (
    Tabulation("uptake", Clock.IDENTIFIED, By.BYDEL, _UPTAKE, None, _UPTAKE_SUMS),
    _of_uptake("uptake_by_tertial", By.TERTIAL),
    _of_uptake("uptake_by_language", By.LANGUAGE),
    _of_uptake("uptake_by_basis", By.BASIS),
    Tabulation(
        "answered_in_time", Clock.IDENTIFIED, By.BYDEL,
        _tree("offered", *_split("offered", "within_14_days", "not_within_14_days", "too_early")),
        Parent("uptake", "offered"),
    ),
    Tabulation(
        "offer_to_visit", Clock.IDENTIFIED, By.BYDEL,
        _tree("reached", *_split("reached", "weeks_0_4", "weeks_5_8", "weeks_9_or_more",
                                 "weeks_unknown")),
        Parent("uptake", "reached"),
    ),
    Tabulation(
        "funnel", Clock.BORN, By.BYDEL,
        _tree(
            "born",
            Column("not_offered", "born", is_delicate=False),
            Column("offered", "born", worth=30),
            Column("accepted", "offered", worth=20),
            Column("declined", "offered", worth=3),
            *_split("offered", "later", "unanswered", worth=1),
            *_split("accepted", "visited", "not_visited", worth=10),
        ),
    ),
    _of_births(
        "active", "accepted",
        *_active("accepted", 3),
        *_active("active_3", 12),
        *_active("active_12", 24),
    ),
    _of_births("pregnancy_visit", "accepted",
               *_split("accepted", "in_pregnancy", "not_in_pregnancy", "accepted_after_birth")),
    _of_births("newborn_visit", "born", *_split("born", *_IN_TIME)),
    # By tertial are those alone of which no table by tertial has a count already: a count that
    # stands in two tables would have to be cut by both.
    Tabulation(
        "newborn_visit_by_tertial", Clock.BORN, By.TERTIAL,
        _tree("born", *_split("born", *_IN_TIME)), Parent("newborn_visit"),
    ),
    Tabulation(
        "kostra_10", Clock.BORN, By.BYDEL,
        _tree("born", *_split("born", *_IN_TIME)),
        # Whoever is too young for the one is too young for the other.
        Parent("newborn_visit", "born", (("too_early", "too_early"),)),
        since=_KOSTRA_10_SINCE,
    ),
    _of_births("kostra_14", "born", *_split("born", *_IN_TIME, "homecoming_unknown")),
    Tabulation(
        "dose", Clock.BORN, By.BYDEL,
        _tree("accepted", *_split("accepted", "visits_0", "visits_1", "visits_2_3", "visits_4_6",
                                  "visits_7_or_more")),
        Parent("funnel", "accepted", (("visits_0", "not_visited"),)),
    ),
    # Nobody who is in it is in any other table, so it splits none and stands by itself.
    Tabulation("followed_by_nfp", Clock.BORN, By.BYDEL, _tree("covered_by_nfp")),
    Tabulation(
        "kostra_10_by_language", Clock.BORN, By.LANGUAGE,
        _tree("born", *_split("born", *_IN_TIME)), Parent("kostra_10"),
        since=_KOSTRA_10_SINCE,
    ),
    Tabulation("visits", Clock.VISITED, By.BYDEL,
               _tree("visits", *_split("visits", "at_least_an_hour", "shorter", worth=10))),
    _of_visits("continuity", *_OWN_NURSE),
    Tabulation(
        "continuity_by_tertial", Clock.VISITED, By.TERTIAL,
        _tree("visits", *_OWN_NURSE), Parent("continuity"),
    ),
    _of_visits("other_parent", *_split("visits", "other_parent_there", "other_parent_not_there")),
    _of_visits("interpreter", *_split("visits", "needed", "not_needed"),
               *_split("needed", "qualified", "unqualified", "absent")),
    _of_visits("planning", *_split("visits", "planned", "unscheduled")),
    # In the bydel where the family was visited last in the year.
    Tabulation("families_visited", Clock.VISITED, By.BYDEL,
               _tree("families", *_split("families", "one_visit", "several_visits", worth=10))),
    Tabulation("needs", Clock.STATED, By.BYDEL, _NEEDS),
    Tabulation("needs_by_theme", Clock.STATED, By.THEME, _NEEDS, Parent("needs")),
)  # fmt: skip
"""All that is published, each after what it splits further."""

BY_ID: Final[Mapping[str, Tabulation]] = {one.id: one for one in TABULATIONS}
