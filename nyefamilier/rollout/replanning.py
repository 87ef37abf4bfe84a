"""A plan whose past is what happened: what has started stays, what families answered is learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nyefamilier.rollout.flaws import Flaw
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.plan import Observed, Plan, Wave


def replanned(
    values: Mapping[str, Any], open_from: Month, seen: Sequence[Observed]
) -> dict[str, Any]:
    """A plan's document with its future open from a month on.

    Args:
        values: The document that was decided.
        open_from: The first month that can still be planned.
        seen: What families have answered; it takes the place of what was observed before there.
    """
    new = {one.bydel for one in seen}
    before = [row for row in values.get("observed", []) if row["bydel"] not in new]
    rows = sorted([*before, *map(asdict, seen)], key=lambda row: str(row["bydel"]))
    found = dict(values) | {"open_from": str(open_from), "observed": rows}
    return {key: one for key, one in found.items() if key != "observed" or one}


def past_changed(decided: Plan, new: Plan) -> Iterator[Flaw]:
    """Every wave that had started when a plan was opened anew and is now told otherwise."""
    opened = new.open_from
    if opened is None:
        return
    known = {_which(wave): wave.start for wave in decided.waves if wave.start < opened}
    for number, wave in enumerate(new.waves):
        start = known.pop(_which(wave), None)
        if start is not None and wave.start != start:
            why = f"Bydel {wave.bydel} has started in {start}, before {opened}."
            yield Flaw(f"/waves/{number}/start", "past-changed", why, f"Write {start}.")
        elif start is None and wave.start < opened:
            why = f"Bydel {wave.bydel} had not started before {opened} in the decided version."
            mend = f"Let it start in {opened} or later."
            yield Flaw(f"/waves/{number}/start", "past-changed", why, mend)
    for (bydel, programme), start in known.items():
        why = f"Bydel {bydel} has started {programme} in {start}, before {opened}."
        yield Flaw("/waves", "past-changed", why, "Keep it in the plan.")


def _which(wave: Wave) -> tuple[str, str]:
    return wave.bydel, wave.programme
