"""What happened beside a plan, as parts of a page: each figure by bydel, and all by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.web.formats import day, decimal, number
from api.web.rollout.part import Line, Names, Part
from api.web.rollout.words import month_words
from api.web.texts import LazyText, _, _l
from nyefamilier.rollout.following import FollowUp
from nyefamilier.rollout.outcomes import Measure, Outcome, Standing, is_compared

MEASURES: Final[dict[Measure, LazyText]] = {
    Measure.ACCEPTED: _l("Families that said yes"),
    Measure.VISITED: _l("Families with a visit"),
    Measure.VISITS: _l("Visits of at least an hour"),
    Measure.ARSVERK: _l("Årsverk at work"),
}
_STANDINGS: Final[dict[Standing, LazyText]] = {
    Standing.WITHIN: _l("Within the plan's band"),
    Standing.ABOVE: _l("Above the plan's band"),
    Standing.BELOW: _l("Below the plan's band"),
    Standing.NOT_COMPLETE: _l("Not yet complete: as of %(day)s"),
    Standing.PART_OF_YEAR: _l("Not compared: the plan ends in %(month)s"),
    Standing.HIDDEN: _l("Hidden: so few, or needed to hide so few"),
    Standing.NOT_RELEASED: _l("No figure has been released"),
    Standing.NOT_TOLD: _l("Nobody has told"),
}
_PLANNED: Final = {
    Measure.ACCEPTED: "families",
    Measure.VISITED: "families",
    Measure.VISITS: "visits",
    Measure.ARSVERK: "there",
}


def years_of(found: FollowUp) -> list[int]:
    """The years that can be shown, the newest first."""
    return sorted({one.year for one in found.outcomes}, reverse=True)


def usual_year(found: FollowUp) -> int | None:
    """The newest year of which something can be said; the newest of all where nothing can."""
    years = years_of(found)
    said = [one.year for one in found.outcomes if is_compared(one.standing)]
    return max(said, default=years[0] if years else None)


def outcome_parts(found: FollowUp, year: int, names: Names) -> list[Part]:
    """All bydeler together year by year, then each figure of one year bydel by bydel."""
    return [
        _yearly(found),
        *(_measured(found, measure, year, names) for measure in Measure),
    ]


def standing_words(one: Outcome, found: FollowUp) -> str:
    """How a figure stands to the plan, in a few words."""
    as_of = None if one.actual is None else one.actual.as_of
    told = _STANDINGS[one.standing]
    return str(told) % {
        "day": "" if as_of is None else day(as_of),
        "month": month_words(found.plan.ends + -1),
    }


def _yearly(found: FollowUp) -> Part:
    whole = [one for one in found.outcomes if one.bydel is None]
    lines = tuple(
        Line(f"{one.year}: {MEASURES[one.measure]}", _cells(one, found), grounds=_grounds(one))
        for one in sorted(whole, key=lambda one: (one.year, list(Measure).index(one.measure)))
    )
    compared = [one for one in whole if is_compared(one.standing)]
    return Part(
        "all",
        _("All bydeler of the plan, year by year"),
        _counted(compared, whole),
        _("The plan's median, and what nine in ten draws lie between. Where the plan has every "
          "bydel, the city's own figure stands beside it, and families with a protected address "
          "are in it; else it is the sum of the plan's bydeler, and hidden when one of them is."),
        (_("Year and figure"), *_heads()),
        lines,
        ends_in_words=True,
        grounds=("", "", "", ""),
    )  # fmt: skip


def _measured(found: FollowUp, measure: Measure, year: int, names: Names) -> Part:
    mine = [one for one in found.outcomes if one.measure is measure and one.year == year]
    bydeler = [one for one in mine if one.bydel is not None]
    lines = tuple(
        Line(
            _("All of them") if one.bydel is None else names.get(one.bydel, one.bydel),
            _cells(one, found),
        )
        for one in mine
    )
    compared = [one for one in bydeler if is_compared(one.standing)]
    planned = _PLANNED[measure]
    return Part(
        measure.value,
        _("%(figure)s in %(year)s", figure=MEASURES[measure], year=year),
        _counted(compared, bydeler),
        _note(measure),
        (_("Bydel"), *_heads()),
        lines,
        ends_in_words=True,
        grounds=("", planned, f"happened_{measure.value}", ""),
    )


def _note(measure: Measure) -> str:
    if measure is Measure.ARSVERK:
        return _("The mean of the year: posts that are filled, less nurses on leave.")
    return _("Bands of a small bydel are too narrow: chance among few families is not in them, so "
             "a figure outside says little by itself.")  # fmt: skip


def _counted(compared: Sequence[Outcome], all_of_them: Sequence[Outcome]) -> str:
    """How many figures lie where."""
    if not compared:
        return _("Nothing can be held against the plan yet.")
    where = {
        standing: number(sum(one.standing is standing for one in compared))
        for standing in (Standing.WITHIN, Standing.ABOVE, Standing.BELOW)
    }
    told = _("Of %(count)s figures %(within)s lie within the plan's band, %(above)s above it and "
             "%(below)s below it.", count=number(len(compared)), within=where[Standing.WITHIN],
             above=where[Standing.ABOVE], below=where[Standing.BELOW])  # fmt: skip
    rest = len(all_of_them) - len(compared)
    if not rest:
        return told
    more = _("Of %(count)s nothing can be said; the table says why.", count=number(rest))
    return f"{told} {more}"


def _heads() -> tuple[str, str, str]:
    return _("The plan"), _("What happened"), _("How it stands")


def _grounds(one: Outcome) -> tuple[str, ...]:
    return (_PLANNED[one.measure], f"happened_{one.measure.value}", "")


def _cells(one: Outcome, found: FollowUp) -> tuple[str, str, str]:
    write = decimal if one.measure is Measure.ARSVERK else _whole
    band, actual = one.planned, one.actual
    planned = f"{write(band.median)} ({write(band.low)}–{write(band.high)})"
    if actual is None:
        happened = "–"
    else:
        happened = _("hidden") if actual.value is None else write(actual.value)
    return planned, happened, standing_words(one, found)


def _whole(value: float) -> str:
    return number(round(value))
