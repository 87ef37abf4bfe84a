"""What is arranged around a visit: its interpreter, and that no nurse is there alone. Pure.

Sources: tolkeloven (lov 11. juni 2021 nr. 79) section 4 (no child interprets), sections 6 and 7
(an interpreter who is needed is used, and is qualified); IMDi, veileder til tolkeloven, chapters 2
and 3.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.bodies import BookedInterpreter, VisitBody
from nyefamilier.visits.intents import BookVisit, InterpreterBooking
from nyefamilier.visits.states import InterpretedBy, Place

_AT_HOMES: Final = frozenset({Place.HOME, Place.OTHER})
"""Where nobody of ours is near."""


def arranged(body: VisitBody, booking: BookVisit, *, moved: bool) -> VisitBody:
    """The words of a visit after it was agreed on, or agreed on anew.

    Args:
        body: As they were.
        booking: What is agreed on now.
        moved: Whether it was agreed on for another time before.

    Raises:
        RuleBroken: ``interpreter-child``, ``interpreter-relative``.
    """
    not_alone = body.not_alone if booking.not_alone is None else booking.not_alone
    note = body.safety_note if booking.safety_note is None else booking.safety_note
    return replace(
        body,
        agreed=body.agreed if booking.agreed is None else booking.agreed,
        interpreter=_interpreter(body.interpreter, booking, moved=moved),
        not_alone=not_alone,
        safety_note=note if not_alone else None,
        outside_hours=booking.outside_hours or (None if moved else body.outside_hours),
    )


def of_the_same_visit(body: VisitBody) -> VisitBody:
    """The words of a visit for which nobody was at home, for when it is agreed on again.

    That no nurse is to be there alone holds the next time, too. Whoever was to interpret said yes
    to another time.
    """
    asked = body.interpreter
    return VisitBody(
        agreed=body.agreed,
        interpreter=None if asked is None else _asked_anew(asked),
        not_alone=body.not_alone,
        safety_note=body.safety_note,
    )


def require_company(body: VisitBody, place: Place, *, together: bool) -> None:
    """Refuse to send one nurse where nobody is to be alone.

    Raises:
        RuleBroken: ``not-alone``.
    """
    if body.not_alone and place in _AT_HOMES and not together:
        raise RuleBroken(
            "not-alone",
            "No nurse is to be there alone. Name a second nurse, or meet at the clinic or by "
            "telephone.",
            pointer="/second_nurse_id",
        )


def _interpreter(
    before: BookedInterpreter | None, booking: BookVisit, *, moved: bool
) -> BookedInterpreter | None:
    told = booking.interpreter
    if told is not None:
        _require_interpreter(told.who)
    if booking.no_interpreter:
        return None
    kept = before if before is None or not moved else _asked_anew(before)
    return kept if told is None else _booked(kept, told)


def _require_interpreter(who: InterpretedBy) -> None:
    if who is InterpretedBy.CHILD:
        raise RuleBroken(
            "interpreter-child",
            "A child never interprets (tolkeloven section 4). An interpreter by telephone is the "
            "nearest that works: book one with `remote`.",
            pointer="/interpreter/who",
        )
    if who is InterpretedBy.RELATIVE:
        raise RuleBroken(
            "interpreter-relative",
            "A relative or a friend never interprets: the law asks for a qualified interpreter "
            "(tolkeloven sections 6 and 7). One by telephone is the nearest that works: book one "
            "with `remote`.",
            pointer="/interpreter/who",
        )


def _asked_anew(before: BookedInterpreter) -> BookedInterpreter:
    """Whoever said yes said it to another time."""
    return replace(before, confirmed=False, ask_again=before.confirmed or before.ask_again)


def _booked(kept: BookedInterpreter | None, told: InterpreterBooking) -> BookedInterpreter:
    says = told.confirmed
    standing = kept or BookedInterpreter(told.language)
    return BookedInterpreter(
        language=told.language,
        dialect=told.dialect,
        gender_wish=told.gender_wish,
        category=told.category,
        remote=bool(told.remote),
        confirmed=standing.confirmed if says is None else says,
        ask_again=standing.ask_again if says is None else False,
    )
