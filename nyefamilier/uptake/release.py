"""What released sheets of uptake say of one year or several: line by line, with shares. Pure.

Several years together show only what every one of them shows, so no two answers can be subtracted
into a third (docs/adr/0008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import BydelUptake
from nyefamilier.uptake.shares import added, share_of
from nyefamilier.uptake.sheets import AREA, Sheet, Shown
from nyefamilier.uptake.suppression import is_small


def published(sheets: Sequence[Sheet], bydeler: Iterable[BydelNumber]) -> list[BydelUptake]:
    """The lines of *bydeler*, and last the city's, over all years of *sheets*."""
    lines = [(bydel, over_years(sheets, bydel)) for bydel in bydeler]
    return [
        *(_uptake(bydel, line) for bydel, line in lines),
        _uptake(None, over_years(sheets, AREA)),
    ]


def hidden(bydeler: Iterable[BydelNumber]) -> list[BydelUptake]:
    """The lines of a time of which nothing was released yet."""
    return [_uptake(bydel, None) for bydel in (*bydeler, None)]


def over_years(sheets: Sequence[Sheet], line: str) -> dict[str, Shown]:
    """Each count of a line, summed over the years; hidden if a year hides it.

    A line that a year does not have, because there was no such bydel, counts nobody.
    """
    columns = dict.fromkeys(code for sheet in sheets for code in sheet.lines[AREA])
    years = [dict.fromkeys(columns, Shown(0)) | dict(sheet.lines.get(line, {})) for sheet in sheets]
    return {code: added([year[code] for year in years]) for code in columns}


def _uptake(bydel: BydelNumber | None, line: Mapping[str, Shown] | None) -> BydelUptake:
    count = {} if line is None else {code: shown.value for code, shown in line.items()}
    held = [shown.held_since for shown in (line or {}).values() if shown.held_since is not None]
    accepted, offered = count.get("accepted"), count.get("offered")
    reached, eligible = count.get("reached"), count.get("eligible")
    return BydelUptake(
        bydel=bydel,
        eligible=eligible,
        offered=offered,
        answered=_answered(offered, count.get("unanswered")),
        accepted=accepted,
        declined=count.get("declined"),
        later=count.get("later"),
        unanswered=count.get("unanswered"),
        reached=reached,
        uptake=share_of(accepted, offered),
        reach=share_of(reached, eligible),
        held_since=min(held, default=None),
    )


def _answered(offered: int | None, unanswered: int | None) -> int | None:
    """Who answered. The two counts may be of different days, and then need not fit."""
    if offered is None or unanswered is None or unanswered > offered:
        return None
    answered = offered - unanswered
    return None if is_small(answered) else answered
