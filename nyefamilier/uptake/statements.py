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

from nyefamilier.offers.states import Answer
from nyefamilier.uptake.tables import CITY_ONLY, Participation, ToldFact, VisitCount

Values: TypeAlias = dict[str, Any]
Changes: TypeAlias = Callable[[Any], Values]


def _the(name: str, kind: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own types
    return bindparam(f"the_{name}", type_=kind)


def _raising(values: Values, changes: Changes, *also: CTE) -> Insert:
    """Write a fact, and *values* to its participation, or *changes* if it is there already."""
    first = upsert(Participation).values(
        {"key": _the("participation", Uuid), "steps": 1, "covered": False, "visits": 0, **values}
    )
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
    added = {
        "visits": 1,
        "programme_visits": _the("programme", SmallInteger),
        "counted_visits": _the("counted", SmallInteger),
    }
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
        "ended": case((again, null()), else_=Participation.ended),
        "ended_month": case((again, null()), else_=Participation.ended_month),
    }


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
    {"answer": _the("answer", String), "answered": _the("month", Date)}, _answered
)
"""Answered our offer; a yes begins anew. Takes ``answer``."""

COVERED: Final = _raising(
    {"covered": _the("covered", Boolean)}, lambda new: {"covered": new.covered}
)
"""Is now, or is no longer, followed up by the programme that covers instead. Takes ``covered``."""

ENDED: Final = _raising(
    {"ended": _the("state", String), "ended_month": _the("month", Date)},
    lambda new: {"ended": new.ended, "ended_month": new.ended_month},
)
"""Left our programme. Takes ``state``."""

VISITED: Final = _raising(
    {"first_visit": _the("month", Date), "visits": 1},
    lambda new: {
        "first_visit": func.least(Participation.first_visit, new.first_visit),
        "visits": Participation.visits + 1,
    },
    _visit_counted(),
)
"""A visit of our programme. Takes ``visit_kind``, ``programme`` (1) and ``counted`` (0 or 1)."""

VISITED_OTHERWISE: Final = _raising({}, lambda _: {}, _visit_counted())
"""A visit of no programme or another one. Takes what `VISITED` takes, with zeros."""
