"""Chooses which visits were made, so that the published volumes come out whatever the seed.

The published figures are counts of families and of visits of at least an hour in some years. Enough
visits would fit; these are chosen by arithmetic: first one for every family that is to be counted,
then as many more as there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from nyefamilier.demo.cohorts import OURS
from nyefamilier.demo.lives import Call, Life, Made
from nyefamilier.demo.reference import figure


@dataclass(frozen=True, slots=True)
class Span:
    """So many visits from the first year to the last."""

    first: int
    last: int
    visits: int

    def holds(self, call: Call) -> bool:
        """Whether the visit falls into these years."""
        return self.first <= call.on.year <= self.last


class NotEnough(RuntimeError):  # noqa: N818 - named for what it says
    """Fewer families or visits would fit than were published: an assumption must be mended."""


def decide_calls(lives: Sequence[Life], rng: Random) -> None:
    """Settle what becomes of every visit that would fit."""
    ours = [life for life in lives if life.accepts and life.programme == OURS]
    pilot = Span(2013, 2014, figure("stovner-visits"))
    _fill([pilot], _choose(ours, pilot, figure("stovner-families"), rng), rng)
    _fill(_spans(), _families_of_2016_to_2019(ours, rng), rng)
    settled = {year for span in (pilot, *_spans()) for year in range(span.first, span.last + 1)}
    for life in lives:
        for call in life.calls:
            if call.made is Made.NEVER:
                call.made = _unsettled(life, call, settled, rng)


def _spans() -> list[Span]:
    of_2018, of_2019 = figure("visits-2018"), figure("visits-2019")
    before = figure("visits-2016-2019") - of_2018 - of_2019
    return [Span(2016, 2017, before), Span(2018, 2018, of_2018), Span(2019, 2019, of_2019)]


def _families_of_2016_to_2019(lives: Sequence[Life], rng: Random) -> list[tuple[Life, list[Call]]]:
    """The families to be counted, each with the visits that it may have had."""
    before, year_2019 = Span(2016, 2018, 0), Span(2019, 2019, 0)
    in_2019 = _choose(lives, year_2019, figure("families-2019"), rng)
    chosen = {life.key for life, _ in in_2019}
    others = [life for life in lives if life.key not in chosen]
    rest = figure("families-2016-2019") - len(in_2019)
    both = Span(2016, 2019, 0)
    may_be = [(life, [call for call in life.calls if both.holds(call)]) for life, _ in in_2019]
    return [*_choose(others, before, rest, rng), *may_be]


def _choose(
    lives: Iterable[Life], span: Span, count: int, rng: Random
) -> list[tuple[Life, list[Call]]]:
    """So many families with a visit in *span*; one with an anchor there is likelier."""
    able = [(life, [call for call in life.calls if span.holds(call)]) for life in lives]
    able = [(life, calls) for life, calls in able if calls]
    if len(able) < count:
        raise NotEnough(f"{len(able)} families for {count} in {span.first}-{span.last}")
    order = {
        life.key: rng.random() - 0.5 * any(call.is_anchor for call in calls) for life, calls in able
    }
    return sorted(able, key=lambda pair: order[pair[0].key])[:count]


def _fill(spans: Sequence[Span], chosen: Sequence[tuple[Life, list[Call]]], rng: Random) -> None:
    must = [_first_of(calls) for _, calls in chosen]
    for call in must:
        call.made = Made.COUNTED
    may = [call for _, calls in chosen for call in calls if call.made is Made.NEVER]
    order = {id(call): rng.random() - 0.6 * call.is_anchor for call in may}
    may.sort(key=lambda call: order[id(call)])
    for span in spans:
        wanted = span.visits - sum(1 for call in must if span.holds(call))
        fitting = [call for call in may if span.holds(call)]
        if not 0 <= wanted <= len(fitting):
            raise NotEnough(f"{len(fitting)} visits for {wanted} in {span.first}-{span.last}")
        for call in fitting[:wanted]:
            call.made = Made.COUNTED


def _first_of(calls: Sequence[Call]) -> Call:
    """The visit by which a family is counted: the latest year's, an anchor if there is one."""
    latest = max(call.on.year for call in calls)
    of_latest = [call for call in calls if call.on.year == latest]
    return next((call for call in of_latest if call.is_anchor), of_latest[0])


def _unsettled(life: Life, call: Call, settled: set[int], rng: Random) -> Made:
    dice = rng.random()
    if life.programme == OURS and call.on.year in settled:
        return _not_counted(call, dice)
    if dice < _likelihood(life, call):
        return Made.COUNTED
    return _not_counted(call, rng.random())


def _likelihood(life: Life, call: Call) -> float:
    """How likely a visit was made in a year that nobody published a volume of."""
    if life.programme != OURS or call.is_anchor:
        return 0.88
    # A family of before 2020 was given more visits that would fit, for the volumes to choose from.
    return 0.55 if life.identified.year >= 2020 else 0.30


def _not_counted(call: Call, dice: float) -> Made:
    """A promised visit that the volumes leave no room for was short; others seldom were made."""
    if call.is_anchor and dice < 0.85:
        return Made.SHORT
    if call.is_anchor:
        return Made.CANCELLED_BY_FAMILY if dice < 0.95 else Made.CANCELLED_BY_US
    if dice < 0.12:
        return Made.SHORT
    if dice < 0.20:
        return Made.CANCELLED_BY_FAMILY
    if dice < 0.24:
        return Made.CANCELLED_BY_US
    return Made.NOT_HOME if dice < 0.28 else Made.NEVER
