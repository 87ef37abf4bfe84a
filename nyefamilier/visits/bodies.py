"""What lies sealed in a visit's row."""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.visits.states import InterpreterCategory


@dataclass(frozen=True, slots=True)
class BookedInterpreter:
    """The interpreter who is to come to a visit that is agreed on.

    Args:
        category: The least that is asked for; without one any of A to E.
        remote: By telephone or on a screen; else in the room.
        confirmed: Whether somebody has said that an interpreter comes then.
        ask_again: Whether the visit was moved after that had been said.
    """

    language: str
    dialect: str | None = None
    gender_wish: str | None = None
    category: InterpreterCategory | None = None
    remote: bool = False
    confirmed: bool = False
    ask_again: bool = False

    def __repr__(self) -> str:
        return "<BookedInterpreter>"


@dataclass(frozen=True, slots=True)
class VisitBody:
    """The words of a visit: never shown in a schedule, a text or a figure.

    Args:
        interpreter: Who was booked, while `interpreter_language` tells what was interpreted.
        not_alone: Whether no nurse is to be at the family's home alone.
        outside_hours: Why it is agreed on outside the nurse's working time, where it is.
    """

    agreed: str | None = None
    interpreter_language: str | None = None
    why_unqualified: str | None = None
    cancel_reason: str | None = None
    interpreter: BookedInterpreter | None = None
    not_alone: bool = False
    safety_note: str | None = None
    outside_hours: str | None = None

    def __repr__(self) -> str:
        return "<VisitBody>"
