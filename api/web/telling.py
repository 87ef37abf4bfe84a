"""What a phone sent, in a nurse's words: operations and contested values, as they travel.

Both are plain values under the fields' names. Each field is shown under its label, each code in the
words that the forms have for it; ids are told by what they name, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from api.web.formats import day, inner, sentence, stamp
from api.web.texts import LazyText, _, _l
from api.web.visit_names import visit_name
from api.web.wording import PROGRAMMES, language_name, words
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Outcome, Protection
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.needs.states import NeedState
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.visits.intents import CancelledBy
from nyefamilier.visits.intents import Outcome as VisitOutcome
from nyefamilier.visits.states import (
    InterpretedBy,
    InterpreterCategory,
    Place,
    Present,
    Theme,
    VisitState,
)

Names: TypeAlias = Mapping[str, str]
"""What ids and codes name: people, needs, visits, notes, delbydeler."""

Travelling: TypeAlias = Mapping[str, Any]
"""An operation or a value, as it travels."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field with its value in words.

    Args:
        differs: Whether the other side of a conflict says something else.
    """

    label: str
    value: str
    differs: bool = False


LABELS: Final[dict[str, LazyText]] = {
    "address": _l("Address"),
    "agreed": _l("What is agreed"),
    "answer": _l("Answer"),
    "answered_on": _l("Answered on"),
    "at": _l("When"),
    "basis": _l("Basis"),
    "born_on": _l("Born on"),
    "by": _l("Who cancelled"),
    "category": _l("Interpreter's qualification"),
    "channel": _l("How it was offered"),
    "children": _l("Children"),
    "choose": _l("Choice"),
    "closed_at": _l("Closed"),
    "closed_by": _l("Closed by"),
    "confirmed": _l("The interpreter has confirmed"),
    "corrects": _l("Corrects"),
    "delbydel": _l("Delbydel"),
    "dialect": _l("Dialect, for the interpreter"),
    "directions": _l("How to find the door"),
    "expected": _l("Children expected"),
    "free": _l("Free times near it"),
    "gender_wish": _l("Wish for a woman or a man as interpreter"),
    "homecoming_on": _l("Came home on"),
    "interpreter": _l("Interpreter"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "lines": _l("Street and number"),
    "member": _l("Person"),
    "member_id": _l("About"),
    "members": _l("People"),
    "minutes": _l("Minutes"),
    "name": _l("Name"),
    "national_id": _l("National identity number"),
    "national_id_type": _l("Kind of number"),
    "need_id": _l("The need"),
    "next_visit": _l("Next visit"),
    "no_interpreter": _l("No interpreter is needed"),
    "not_alone": _l("Nobody is to be there alone"),
    "no_texts": _l("Wants no texts"),
    "nurse_id": _l("Nurse"),
    "second_nurse_id": _l("Second nurse"),
    "offered_on": _l("Offered on"),
    "on": _l("Day"),
    "outcome": _l("What happened"),
    "outside_hours": _l("Why outside working hours"),
    "phone": _l("Telephone"),
    "place": _l("Place"),
    "postal_code": _l("Postal code"),
    "present": _l("Who was there"),
    "primary_nurse": _l("Primary nurse"),
    "programme": _l("Programme"),
    "protection": _l("Address protection"),
    "reason": _l("Why"),
    "remote": _l("By telephone or on a screen"),
    "role": _l("Role"),
    "safety_note": _l("Why nobody is to be there alone"),
    "source": _l("Where it is known from"),
    "state": _l("State"),
    "stated_by": _l("Said by"),
    "stillborn": _l("Stillborn"),
    "summary": _l("Words to the next nurse"),
    "taken": _l("Taken"),
    "term": _l("Due date"),
    "text": _l("Text"),
    "theme": _l("Theme"),
    "themes": _l("Themes"),
    "to": _l("Participation"),
    "to_nurse": _l("Next nurse"),
    "until": _l("Until"),
    "valid_from": _l("Valid from"),
    "visible_to_parents": _l("Parents can read it"),
    "visit_id": _l("The visit"),
    "who": _l("Who interprets"),
    "why_unqualified": _l("Why there was no qualified interpreter"),
    "wish": _l("What they hope for"),
    "words": _l("What was said"),
}
"""What each field is called. A test holds that every field that can travel has a label, or is not
told."""

UNTOLD: Final = frozenset(
    {
        "answer_id",
        "enrolment_id",
        "id",
        "move_id",
        "note_id",
        "offer_id",
        "op",
        "pregnancy_id",
        "review_id",
        "team_id",
    }
)
"""Ids that say nothing to a nurse."""

_CODES: Final[dict[str, type[StrEnum]]] = {
    "answer": Answer,
    "basis": Basis,
    "by": CancelledBy,
    "category": InterpreterCategory,
    "channel": Channel,
    "interpreter": InterpreterCategory,
    "national_id_type": IdType,
    "place": Place,
    "present": Present,
    "protection": Protection,
    "role": MemberRole,
    "source": AddressSource,
    "who": InterpretedBy,
    "theme": Theme,
    "themes": Theme,
    "to": EnrolmentState,
    "need.state": NeedState,
    "note.kind": NoteKind,
    "visit.outcome": VisitOutcome,
    "visit.state": VisitState,
    "loss.outcome": Outcome,
    "pregnancy.outcome": Outcome,
}
"""Whose words a code has: by field, or by record and field where several records have the field."""

_NAMED: Final = frozenset(
    {
        "closed_by",
        "corrects",
        "delbydel",
        "member_id",
        "need_id",
        "nurse_id",
        "second_nurse_id",
        "primary_nurse",
        "stated_by",
        "to_nurse",
        "visit_id",
    }
)
_DAYS: Final = frozenset(
    {
        "answered_on",
        "born_on",
        "homecoming_on",
        "offered_on",
        "on",
        "term",
        "until",
        "valid_from",
    }
)
_INSTANTS: Final = frozenset({"at", "closed_at", "free", "taken"})
_INSIDE: Final = frozenset({"address", "member"})
"""Objects whose fields are shown as if they were the operation's own."""


def lines_of(operation: Travelling, names: Names) -> list[Line]:
    """An operation that was not carried out, field by field."""
    subject = str(operation.get("op", "")).partition(".")[0]
    return list(_lines(subject, operation, names))


def sides_of(
    record_kind: str, current: Travelling, proposed: Travelling, names: Names
) -> tuple[list[Line], list[Line]]:
    """The value that stands and the one that was sent, field by field, in the same order."""
    fields = list(dict.fromkeys([*current, *proposed]))
    pairs = [(one, _pair(record_kind, one, current, proposed, names)) for one in fields]
    shown = [(_label(one), pair) for one, pair in pairs if one not in UNTOLD and any(pair)]
    return (
        [Line(label, one or "–", one != other) for label, (one, other) in shown],
        [Line(label, other or "–", one != other) for label, (one, other) in shown],
    )


def ids_in(told: object) -> Iterator[str]:
    """Whatever text a content has in it, ids among it."""
    match told:
        case dict():
            for value in told.values():
                yield from ids_in(value)
        case list() | tuple():
            for value in told:
                yield from ids_in(value)
        case str():
            yield told


def _pair(
    subject: str, field: str, current: Travelling, proposed: Travelling, names: Names
) -> tuple[str, str]:
    one, other = (_value(subject, field, side.get(field), names) for side in (current, proposed))
    return one, other


def _lines(subject: str, told: Travelling, names: Names) -> Iterator[Line]:
    for field, value in told.items():
        if field in _INSIDE and isinstance(value, dict):
            yield from _lines(subject, value, names)
        elif field not in UNTOLD and (shown := _value(subject, field, value, names)):
            yield Line(_label(field), shown)


def _label(field: str) -> str:
    return str(LABELS.get(field, field))


def _value(subject: str, field: str, value: Any, names: Names) -> str:  # noqa: ANN401 - a JSON value
    """The value in words; empty where there is nothing to tell."""
    match value:
        case None | "":
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case dict():
            return ", ".join(_inside(subject, value, names))
        case list():
            told = [_value(subject, field, one, names) for one in value]
            return ("; " if field in {"children", "members"} else ", ").join(filter(None, told))
        case str():
            return _text(subject, field, value, names)
        case _:
            return str(value)


def _inside(subject: str, told: Travelling, names: Names) -> Iterator[str]:
    """What an object says, without its labels: of what is so or not so, what is so."""
    yield from (
        line.value
        for line in _lines(
            subject, {k: v for k, v in told.items() if not isinstance(v, bool)}, names
        )
    )
    yield from (inner(_label(field)) for field, value in told.items() if value is True)


def _text(subject: str, field: str, value: str, names: Names) -> str:
    kind = _CODES.get(f"{subject}.{field}") or _CODES.get(field)
    if kind is not None:
        return str(words(kind(value))) if value in set(kind) else value
    if field in _NAMED:
        return names.get(value, "")
    if field in _DAYS:
        return _read(value, lambda told: day(date.fromisoformat(told)))
    if field in _INSTANTS:
        return _read(value, lambda told: stamp(datetime.fromisoformat(told)))
    return _said(subject, field, value)


def _said(subject: str, field: str, value: str) -> str:
    """Text that somebody wrote, or a code that is no member of an enumeration."""
    if field == "language":
        return sentence(language_name(value))
    if field == "programme":
        return PROGRAMMES.get(value, value)
    return visit_name(value) if (subject, field) == ("visit", "kind") else value


def _read(value: str, shown: Callable[[str], str]) -> str:
    try:
        return shown(value)
    except ValueError:
        return value
