"""Holds what the database counts against what was published.

Everything is counted by the statistics themselves, or in the database; the simulation is not asked
what it meant to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nyefamilier.bydeler.service import bydeler
from nyefamilier.demo import counting
from nyefamilier.demo.reference import Kind, Published, published
from nyefamilier.storage.work import Work
from nyefamilier.uptake.indicators import Period
from nyefamilier.uptake.service import uptake_of, volume

WITHIN = 2.0
"""How far ours may be from the published figure, in per cent of it."""
A_WHOLE_CITY = 35_000
"""Fewer families than this are a sample."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure and ours.

    Args:
        ours: None where it is hidden for being small, or there is nothing to count.
        difference: In per cent of the published figure.
        holds: None where nothing was published.
        why: Why it does not hold, or how the figure is read.
    """

    figure: Published
    ours: float | None
    difference: float | None
    holds: bool | None
    why: str


def compare(work: Work) -> list[Compared]:
    """Every published figure beside ours.

    Raises:
        NotAllowed: the actor's role reads no figures.
    """
    is_sample = counting.families(work.session) < A_WHOLE_CITY
    return [
        _compared(one, _COUNTED[one.kind](work, one), is_sample=is_sample) for one in published()
    ]


def _compared(figure: Published, ours: float | None, *, is_sample: bool) -> Compared:
    if figure.value is None:
        return Compared(figure, ours, None, None, figure.reading)
    if ours is None:
        return Compared(figure, None, None, holds=False, why="Hidden, or nothing to count")
    difference = 100 * (ours - figure.value) / figure.value
    holds = abs(difference) <= WITHIN
    why = figure.reading
    if not holds:
        why = "The database holds a sample: load --size city" if is_sample else "More than 2 % off"
    return Compared(figure, ours, difference, holds, why)


def _uptake(work: Work, figure: Published) -> float | None:
    line = uptake_of(work, Period.years(figure.first_year, figure.last_year), figure.bydel)
    share = line.bydeler[0].uptake
    return None if share is None else 100 * share.value


def _volume(work: Work, figure: Published) -> int | None:
    whole = volume(work, [figure.first_year, figure.last_year])[-1]
    return whole.families if figure.kind is Kind.FAMILIES else whole.visits


def _bydeler(work: Work, figure: Published) -> int:
    """The bydeler, areas without an administration aside, that have known a family by then."""
    report = uptake_of(work, Period.years(figure.first_year, figure.last_year))
    administered = {one.number for one in bydeler(work.session, work.today) if one.administered}
    # A count that is hidden is not zero: a zero never is.
    return sum(line.eligible != 0 for line in report.bydeler if line.bydel in administered)


def _nfp(work: Work, _: Published) -> int:
    return len(counting.bydeler_with(work.session, "nfp", work.today))


def _leaving(work: Work, figure: Published) -> float | None:
    if figure.bydel is None:
        return None
    return counting.leaving_rate(work.session, figure.bydel, work.today)


def _interpreted(work: Work, figure: Published) -> float | None:
    return counting.interpreted_share(work.session, figure.first_year, figure.last_year)


_COUNTED: dict[Kind, Callable[[Work, Published], float | None]] = {
    Kind.UPTAKE: _uptake,
    Kind.FAMILIES: _volume,
    Kind.VISITS: _volume,
    Kind.BYDELER: _bydeler,
    Kind.NFP: _nfp,
    Kind.LEAVING: _leaving,
    Kind.INTERPRETED: _interpreted,
}
