"""What a plan's parts must be to each other: waves to nurses, years to money, a map to the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from nyefamilier.bydeler.rules import NO_REGISTERED_ADDRESS, Boundaries
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.rollout.cells import EARLIEST
from nyefamilier.rollout.flaws import Flaw
from nyefamilier.rollout.plan import BudgetKind, BudgetLine, Plan, Programme, ReformMap

_MOST_MONTHS = 480


def flaws(plan: Plan, boundaries: Boundaries, known: Collection[Flaw]) -> list[Flaw]:
    """Every rule between the parts that is broken, beside rows that are themselves unreadable."""
    spoilt = {_row(flaw.pointer) for flaw in known}
    if spoilt & {"/first_month", "/months"}:
        return []
    rules = (_bydeler, _twice, _nurses, _inside, _until, _years, _covered, _lines, _observed, _open)
    found = [flaw for rule in rules for flaw in rule(plan, boundaries)]
    if plan.reform is not None:
        found += _reform(plan.reform, boundaries)
    return [flaw for flaw in found if _row(flaw.pointer) not in spoilt]


def _row(pointer: str) -> str:
    """The part of a pointer that names a row of a list, or a word of the document."""
    parts = pointer.split("/")
    return "/".join(parts[: 3 if len(parts) > 2 and parts[2].isdigit() else 2])


def _bydeler(plan: Plan, boundaries: Boundaries) -> Iterator[Flaw]:
    for part, rows in (
        ("waves", [(row.bydel, row.start.first_day) for row in plan.waves]),
        ("staffing", [(row.bydel, row.decided.first_day) for row in plan.hirings]),
        ("observed", [(row.bydel, plan.first_month.first_day) for row in plan.observed]),
    ):
        for number, (bydel, on) in enumerate(rows):
            if flaw := _no_bydel(bydel, on, boundaries, f"/{part}/{number}/bydel"):
                yield flaw


def _no_bydel(bydel: BydelNumber, on: date, boundaries: Boundaries, pointer: str) -> Flaw | None:
    found = boundaries.bydel_on(bydel, on)
    if found is not None and found.administered:
        return None
    if found is None:
        why, mend = f"There is no bydel {bydel} on {on}.", "Write its number, as 11."
    else:
        server = boundaries.serving(bydel, on)
        why = f"{found.name} has no administration of its own."
        mend = f"Plan for bydel {server}, which serves it." if server else "Leave it out."
    return Flaw(pointer, "unknown-bydel", why, mend)


def _twice(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    first: dict[tuple[BydelNumber, Programme], int] = {}
    for number, wave in enumerate(plan.waves):
        before = first.setdefault((wave.bydel, wave.programme), number)
        if before != number:
            yield Flaw(
                f"/waves/{number}",
                "started-twice",
                f"Bydel {wave.bydel} starts {wave.programme} in /waves/{before} already.",
                "Keep one of the two.",
            )


def _nurses(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    lead = plan.policy.hiring_lead_months
    for number, wave in enumerate(plan.waves):
        there = [row.decided + lead for row in plan.hirings if row.bydel == wave.bydel]
        if wave.programme is Programme.NFP:
            continue  # its nurses are not this plan's
        if not there:
            why = f"Bydel {wave.bydel} starts and has no nurses at all."
            mend = "Add [[staffing]] for it."
        elif min(there) + wave.preparation_months <= wave.start:
            continue
        else:
            why = f"Its first nurses are there in {min(there)} and prepare themselves until "
            why += f"{min(there) + wave.preparation_months}."
            mend = "Start then or later, or decide on the posts earlier."
        yield Flaw(f"/waves/{number}/start", "before-its-nurses", why, mend)


def _inside(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    for number, wave in enumerate(plan.waves):
        if wave.start >= plan.ends or plan.ends - wave.start > _MOST_MONTHS:
            why = f"{wave.start} is outside the plan, which ends before {plan.ends}."
            mend = "Move the start, or make the plan longer."
            yield Flaw(f"/waves/{number}/start", "outside-the-plan", why, mend)


def _until(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    for number, row in enumerate(plan.hirings):
        first = row.decided + plan.policy.hiring_lead_months
        if row.until is not None and row.until <= first:
            why = f"The posts end in {row.until}, before anybody works in them ({first})."
            yield Flaw(f"/staffing/{number}/until", "ends-before", why, "End them later.")


def _years(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    for year in _computed(plan):
        if year not in plan.births.city:
            why = f"The plan computes {year} and has no births of it."
            yield Flaw("/births/city", "missing-year", why, f"Add {year} with its births.")
    if not any(plan.births.weights.values()):
        why = "The births fall on no bydel."
        yield Flaw("/births/weights", "no-weight", why, "Give some bydel a weight over 0.")


def _computed(plan: Plan) -> range:
    """Every year that is computed, as far as it can be read when it begins."""
    starts = [wave.start for wave in plan.waves if wave.start != EARLIEST]
    return range(min([plan.first_month, *starts]).year, plan.years.stop)


def _covered(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    funded = {line.year for line in plan.budget}
    costs = [row.decided + plan.policy.hiring_lead_months for row in plan.hirings if row.arsverk]
    for year in plan.years:
        if any(month.year <= year for month in costs) and not any(one <= year for one in funded):
            why = f"Nurses work in {year}, and no budget line covers that year or one before."
            yield Flaw("/budget", "no-budget-line", why, f"Add a line of {year} or earlier.")


def _lines(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    seen: Counter[tuple[str, int]] = Counter()
    for number, line in enumerate(plan.budget):
        seen[line.name, line.year] += 1
        if seen[line.name, line.year] > 1:
            why = f"{line.name} has a line of {line.year} already."
            yield Flaw(f"/budget/{number}", "budgeted-twice", why, "Keep one, or name them apart.")
        if line.kind is BudgetKind.ABOVE and not _has_earlier(plan, line):
            why = f"{line.name} has no line of {line.over} before {line.year}."
            yield Flaw(f"/budget/{number}/over", "no-such-level", why, "Name a year that has one.")


def _has_earlier(plan: Plan, line: BudgetLine) -> bool:
    years = {one.year for one in plan.budget if one.name == line.name}
    return line.over is not None and line.over < line.year and line.over in years


def _observed(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    seen: set[BydelNumber] = set()
    for number, row in enumerate(plan.observed):
        if row.bydel in seen:
            why = f"Bydel {row.bydel} is observed twice."
            yield Flaw(f"/observed/{number}", "observed-twice", why, "Add the counts together.")
        seen.add(row.bydel)


def _open(plan: Plan, _: Boundaries) -> Iterator[Flaw]:
    if plan.open_from is not None and not plan.begins <= plan.open_from <= plan.ends:
        why = f"{plan.open_from} is outside the plan, from {plan.begins} to {plan.ends}."
        yield Flaw("/open_from", "outside-the-plan", why, "Write a month of the plan.")


def _reform(reform: ReformMap, boundaries: Boundaries) -> Iterator[Flaw]:
    placed: dict[DelbydelCode, int] = {}
    in_use = _delbydeler(boundaries, reform.on)
    if not in_use:
        why = f"No bydel is known on {reform.on}."
        yield Flaw("/reform/on", "no-such-map", why, "Write a day on which the city has bydeler.")
        return
    yield from _names(reform)
    for number, unit in enumerate(reform.units):
        for at, code in enumerate(unit.delbydeler):
            pointer = f"/reform/units/{number}/delbydeler/{at}"
            if code not in in_use:
                why = f"There is no delbydel {code} in use on {reform.on}."
                yield Flaw(pointer, "unknown-delbydel", why, "Write its ten digits, as 0301010110.")
            elif placed.setdefault(code, number) != number:
                why = f"Delbydel {code} is in unit {placed[code]} already."
                yield Flaw(pointer, "placed-twice", why, "Keep it in one of them.")
    yield from _whole_bydeler(reform, boundaries, placed, in_use)


def _names(reform: ReformMap) -> Iterator[Flaw]:
    first: dict[str, int] = {}
    for number, unit in enumerate(reform.units):
        if (before := first.setdefault(unit.name, number)) != number:
            why = f"{unit.name} is the name of unit {before} already."
            yield Flaw(f"/reform/units/{number}/name", "named-twice", why, "Name them apart.")


def _whole_bydeler(
    reform: ReformMap,
    boundaries: Boundaries,
    placed: dict[DelbydelCode, int],
    in_use: dict[DelbydelCode, BydelNumber],
) -> Iterator[Flaw]:
    taken: dict[BydelNumber, int] = {}
    for number, unit in enumerate(reform.units):
        for at, bydel in enumerate(unit.bydeler):
            pointer = f"/reform/units/{number}/bydeler/{at}"
            if boundaries.bydel_on(bydel, reform.on) is None:
                why = f"There is no bydel {bydel} on {reform.on}."
                yield Flaw(pointer, "unknown-bydel", why, "Write its number, as 11.")
            elif taken.setdefault(bydel, number) != number:
                why = f"Bydel {bydel} is in unit {taken[bydel]} already."
                yield Flaw(pointer, "placed-twice", why, "Keep it in one of them.")
    left = sorted(
        code for code, bydel in in_use.items() if bydel not in taken and code not in placed
    )
    if left:
        why = f"No unit has {', '.join(left[:5])}{' and more' if len(left) > 5 else ''}."
        yield Flaw("/reform/units", "left-out", why, "Give every delbydel a unit.")


def _delbydeler(boundaries: Boundaries, on: date) -> dict[DelbydelCode, BydelNumber]:
    """Every delbydel in use on a day, with its bydel; those without an address are nowhere."""
    return {
        delbydel.code: bydel.number
        for bydel in boundaries.bydeler_on(on)
        if bydel.number != NO_REGISTERED_ADDRESS
        for delbydel in boundaries.delbydeler_in(bydel.number, on)
    }
