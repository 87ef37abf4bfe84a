"""What became of a text to the parents, in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from api.web.texts import LazyText, _l
from nyefamilier.texts.states import Kind, Reason, TextState
from nyefamilier.texts.views import Count

KINDS: Final[dict[Kind, LazyText]] = {
    Kind.PREPARATION: _l("To think of before the visit"),
    Kind.REMINDER: _l("Reminder"),
    Kind.CHANGED: _l("New time"),
    Kind.THANKS: _l("Thanks after the visit"),
}

STATES: Final[dict[TextState, LazyText]] = {
    TextState.WAITING: _l("Waits"),
    TextState.HANDED: _l("Is being sent"),
    TextState.SENT: _l("Sent"),
    TextState.SUPPRESSED: _l("Kept back"),
    TextState.FAILED: _l("Could not be sent"),
}

COLOURS: Final[dict[TextState, str]] = {
    TextState.WAITING: "info",
    TextState.HANDED: "info",
    TextState.SENT: "success",
    TextState.SUPPRESSED: "neutral",
    TextState.FAILED: "warning",
}

REASONS: Final[dict[Reason, LazyText]] = {
    Reason.DEATH: _l("there has been a death in the family"),
    Reason.LOSS: _l("the family has lost a child"),
    Reason.PROTECTED: _l("the address is protected"),
    Reason.OBJECTION: _l("a parent wants no texts"),
    Reason.WITHDRAWN: _l("the family has withdrawn"),
    Reason.PAUSED: _l("the family is taking a pause"),
    Reason.COMPLETED: _l("the programme is completed"),
    Reason.NOT_ENROLLED: _l("the family does not take part"),
    Reason.MOVED: _l("the address has changed since the time was agreed"),
    Reason.VISIT_CANCELLED: _l("the visit is called off"),
    Reason.VISIT_CHANGED: _l("the visit has another time"),
    Reason.VISIT_OVER: _l("the visit has been made"),
    Reason.BORN: _l("the child is born"),
    Reason.REPLACED: _l("a newer text says it"),
    Reason.SAID_ALREADY: _l("the parents have been told already"),
    Reason.TOO_LATE: _l("it was too late"),
    Reason.NUMBER_MISSING: _l("there is no mobile number"),
    Reason.NUMBER_CHANGED: _l("the number changed while it was being sent"),
    Reason.NIGHT: _l("it waits for the morning"),
    Reason.GATEWAY_AWAY: _l("no receipt yet; it is tried again"),
    Reason.GATEWAY_REFUSED: _l("the number does not take texts"),
    Reason.GAVE_UP: _l("no receipt after several tries"),
    Reason.DEFECT: _l("a defect of ours; it is tried again a few times"),
    Reason.NOT_READABLE: _l("a record of the family is damaged"),
}

TROUBLES: Final = (
    Reason.NUMBER_MISSING,
    Reason.GATEWAY_REFUSED,
    Reason.GATEWAY_AWAY,
    Reason.GAVE_UP,
    Reason.DEFECT,
    Reason.NOT_READABLE,
)
"""What somebody can mend. Why else a text was kept back is the family's own, and its nurse's."""


def by_state(counts: Iterable[Count]) -> list[tuple[LazyText, int]]:
    """How many texts stand so, for each state that there is."""
    many: Counter[TextState] = Counter()
    for one in counts:
        many[one.state] += one.texts
    return [(words, many[state]) for state, words in STATES.items() if many[state]]


def to_mend(counts: Iterable[Count]) -> list[tuple[LazyText, int]]:
    """What keeps texts from going out and can be mended, with how many it kept."""
    many: Counter[Reason] = Counter()
    for one in counts:
        if one.reason is not None:
            many[one.reason] += one.texts
    return [(REASONS[reason], many[reason]) for reason in TROUBLES if many[reason]]
