"""The statements that write a fact and what it adds up to: one for each kind of effect.

The participation's row is raised by one step and the fact takes that step's number, so the order
within a participation is kept without a clock. Two participations share no row: none ever waits
for another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    CTE,
    Boolean,
    Date,
    Insert,
    SmallInteger,
    String,
    Uuid,
    bindparam,
    case,
    false,
    func,
    insert,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from nyefamilier.needs.states import NeedStep
from nyefamilier.offers.states import Answer
from nyefamilier.uptake.tables import CITY_ONLY, NeedCount, Participation, ToldFact, VisitCount

VISIT_COUNTS: Final = (
    "programme_visits", "counted_visits", "own_nurse", "other_parent", "qualified", "unqualified",
    "absent", "unscheduled",
)  # fmt: skip
"""What is counted of a visit besides that it took place: each takes 0 or 1."""

TIMELY: Final = ("newborn", "kostra_10", "kostra_14")
"""What a participation is marked with for good by a visit in time, whichever the programme."""

_MARKS: Final = ("in_time", "after_birth", "in_pregnancy", *TIMELY)

Values: TypeAlias = dict[str, Any]
Changes: TypeAlias = Callable[[Any], Values]


def _the(name: str, kind: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own types
    return bindparam(f"the_{name}", type_=kind)


def _raising(values: Values, changes: Changes, *also: CTE) -> Insert:
    """Write a fact, and *values* to its participation, or *changes* if it is there already."""
    unmarked = {"steps": 1, "covered": False, "visits": 0, **dict.fromkeys(_MARKS, False)}
    first = upsert(Participation).values({"key": _the("participation", Uuid), **unmarked, **values})
    raised = (
        first.on_conflict_do_update(
            index_elements=[Participation.key],
            set_={"steps": Participation.steps + 1, **changes(first.excluded)},
        )
        .returning(Participation.steps)
        .cte("raised")
    )
    fact = {
        "id": _the("id", Uuid),
        "participation": _the("participation", Uuid),
        "step": raised.c.steps,
        "kind": _the("kind", String),
        "bydel": _the("bydel", String),
        "month": _the("month", Date),
        "told": _the("told", Date),
        "payload": _the("payload", JSONB),
        "mixed": false(),
    }
    written = insert(ToldFact).from_select(list(fact), select(*fact.values()))
    return written.add_cte(*also) if also else written


def _visit_counted() -> CTE:
    """One visit more of its kind, in its bydel and month."""
    added = {"visits": 1, **{name: _the(name, SmallInteger) for name in VISIT_COUNTS}}
    row = upsert(VisitCount).values(
        {
            "participation": _the("participation", Uuid),
            "month": _the("month", Date),
            "bydel": func.coalesce(_the("bydel", String), CITY_ONLY),
            "kind": _the("visit_kind", String),
            **added,
        }
    )
    key = [VisitCount.participation, VisitCount.month, VisitCount.bydel, VisitCount.kind]
    more = {name: getattr(VisitCount, name) + row.excluded[name] for name in added}
    return row.on_conflict_do_update(index_elements=key, set_=more).cte("counted")


def _need_counted() -> CTE:
    """One step of a need, among those that were stated in its month with its theme."""
    steps = {step.value: _the(step.value, SmallInteger) for step in NeedStep}
    row = upsert(NeedCount).values(
        {
            "participation": _the("participation", Uuid),
            "month": _the("month", Date),
            "theme": _the("theme", String),
            "bydel": func.coalesce(_the("bydel", String), CITY_ONLY),
            **steps,
        }
    )
    key = [NeedCount.participation, NeedCount.month, NeedCount.theme]
    more = {name: getattr(NeedCount, name) + row.excluded[name] for name in steps}
    return row.on_conflict_do_update(index_elements=key, set_=more).cte("needed")


def _identified(new: Any) -> Values:  # noqa: ANN401
    first = Participation.cohort.is_(None)
    return {
        "cohort": func.coalesce(Participation.cohort, new.cohort),
        "bydel": case((first, new.bydel), else_=Participation.bydel),
        "basis": func.coalesce(Participation.basis, new.basis),
    }


def _answered(new: Any) -> Values:  # noqa: ANN401
    again = new.answer == Answer.YES.value
    return {
        "answer": new.answer,
        "answered": new.answered,
        "in_time": Participation.in_time | new.in_time,
        "after_birth": new.after_birth,
        "ended": case((again, null()), else_=Participation.ended),
        "ended_month": case((again, null()), else_=Participation.ended_month),
    }


def _marked(new: Any) -> Values:  # noqa: ANN401
    return {name: getattr(Participation, name) | getattr(new, name) for name in TIMELY}


NOTED: Final = _raising({}, lambda _: {})
"""A fact that changes nothing that is counted today."""

IDENTIFIED: Final = _raising(
    {"cohort": _the("month", Date), "bydel": _the("bydel", String), "basis": _the("basis", String)},
    _identified,
)
"""The first told decides the cohort; a basis that is known is not forgotten. Takes ``basis``."""

OFFERED: Final = _raising(
    {"basis": _the("basis", String), "offered": _the("month", Date)},
    lambda new: {"basis": new.basis, "offered": func.least(Participation.offered, new.offered)},
)
"""Offered our programme. Takes ``basis``."""

OFFERED_ANOTHER: Final = _raising(
    {"basis": _the("basis", String)}, lambda new: {"basis": new.basis}
)
"""Offered another programme. Takes ``basis``."""

ANSWERED: Final = _raising(
    {
        "answer": _the("answer", String),
        "answered": _the("month", Date),
        "in_time": _the("in_time", Boolean),
        "after_birth": _the("after_birth", Boolean),
    },
    _answered,
)
"""Answered our offer; a yes begins anew. Takes ``answer``, ``in_time`` and ``after_birth``."""

COVERED: Final = _raising(
    {"covered": _the("covered", Boolean)}, lambda new: {"covered": new.covered}
)
"""Is now, or is no longer, followed up by the programme that covers instead. Takes ``covered``."""

ENDED: Final = _raising(
    {"ended": _the("state", String), "ended_month": _the("month", Date)},
    lambda new: {"ended": new.ended, "ended_month": new.ended_month},
)
"""Left our programme. Takes ``state``."""

BORN: Final = _raising(
    {"born": _the("month", Date), "home": _the("home", Date)},
    lambda new: {"born": new.born, "home": new.home},
)
"""A child was born, and came home. Takes ``home``."""

SPEAKS: Final = _raising(
    {"language": _the("group", String)}, lambda new: {"language": new.language}
)
"""What the family speaks. Takes ``group``."""

NEEDED: Final = _raising({}, lambda _: {}, _need_counted())
"""A need was stated or took a step. Takes ``theme``, and 0 or 1 for each `NeedStep`."""

VISITED: Final = _raising(
    {
        "first_visit": _the("month", Date),
        "visits": 1,
        "first_weeks": _the("weeks", SmallInteger),
        "in_pregnancy": _the("in_pregnancy", Boolean),
        **{name: _the(name, Boolean) for name in TIMELY},
    },
    lambda new: {
        "first_visit": func.least(Participation.first_visit, new.first_visit),
        "visits": Participation.visits + 1,
        "first_weeks": func.least(Participation.first_weeks, new.first_weeks),
        "in_pregnancy": Participation.in_pregnancy | new.in_pregnancy,
        **_marked(new),
    },
    _visit_counted(),
)
"""A visit of our programme. Takes ``visit_kind``, the `VISIT_COUNTS`, ``weeks``, ``in_pregnancy``
and the `TIMELY`."""

VISITED_OTHERWISE: Final = _raising(
    {name: _the(name, Boolean) for name in TIMELY}, _marked, _visit_counted()
)
"""A visit of no programme or another one. Takes ``visit_kind``, the `VISIT_COUNTS` as zeros and
the `TIMELY`."""
