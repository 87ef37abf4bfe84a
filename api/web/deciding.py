"""What lies in the inbox, in words: what it is about, why it is there, what can be decided."""

from __future__ import annotations

from typing import Final, NamedTuple

from api.web.formats import inner, sentence
from api.web.refusals import said_of
from api.web.texts import LazyText, _, _l
from api.web.wording import object_words
from nyefamilier.changes.intents import Choice
from nyefamilier.door.catalogue import NAMES
from nyefamilier.door.inbox import ARRIVED, Kind
from nyefamilier.door.reviews import Review

_VALUES: Final[dict[tuple[str, str], LazyText]] = {
    ("enrolment", "state"): _l("Participation"),
    ("family", "address"): _l("Address"),
    ("member", "death"): _l("Death"),
    ("member", "identity"): _l("National identity number"),
    ("member", "language"): _l("Language and interpreter"),
    ("member", "name"): _l("Name"),
    ("member", "phone"): _l("Telephone number"),
    ("member", "texts"): _l("Texts from us"),
    ("need", "state"): _l("How a need stands"),
    ("note", "correction"): _l("Correction of a note"),
    ("offer", "answer"): _l("Answer to an offer"),
    ("offer", "new"): _l("Offer"),
    ("pregnancy", "homecoming"): _l("Coming home"),
    ("pregnancy", "outcome"): _l("How the pregnancy ended"),
    ("visit", "outcome"): _l("What became of a visit"),
    ("visit", "plan"): _l("Agreed visit"),
}
"""What two devices can differ on."""

_KINDS: Final[dict[str, LazyText]] = {
    Kind.CONFLICT: _l("Two versions"),
    Kind.HELD: _l("Not carried out"),
    Kind.PARKED: _l("Waits for something"),
}

_WAITING: Final[dict[str, LazyText]] = {
    Kind.CONFLICT: _l("two versions that a nurse must choose between"),
    Kind.HELD: _l("sent things that a nurse must decide about or read"),
    Kind.PARKED: _l("sent things that wait for something that has not come in"),
}

_SORTS: Final[dict[str, LazyText]] = {
    "late": _l("Filed, for you to read"),
    "quarantined": _l("Could not be processed"),
}

WHY: Final[dict[str, LazyText]] = {
    "changed-since": _l("This was changed after the phone had last heard from us."),
    "visit-closed": _l("The visit had been closed by the time this came in."),
    "was-cancelled": _l("The visit had been called off by the time this came in."),
    "another-outcome": _l("Another outcome of the same visit had been recorded already."),
    "need-closed": _l(
        "The parents had closed the need by the time this came in. What they close stays closed."
    ),
    "pregnancy-ended": _l("The pregnancy's end had been recorded otherwise before this came in."),
    "enrolment-closed": _l("The family had left the programme by the time this came in."),
    "offer-accepted": _l(
        "The family had said yes before. Both answers stand; whether the visits end is for you to "
        "find out with them."
    ),
    "programme-ended": _l(
        "A loss had been recorded by the time this came in. Whoever sent it did not know."
    ),
    "member-died": _l(
        "A death had been recorded by the time this came in. Whoever sent it did not know."
    ),
    "address-protected": _l(
        "The address had been protected by the time this came in. Whoever sent it did not know."
    ),
    "parallel-corrections": _l(
        "Two devices corrected the same note. Both corrections stand; look at which is right."
    ),
    "late": _l(
        "She had handed the family over when it came in. Her note is signed and filed, marked as "
        "late, for you to read."
    ),
    "no-longer-hers": _l(
        "She had handed the family over when it came in. What she wrote as notes is filed; what "
        "else she meant is for you to decide."
    ),
    "device-locked": _l(
        "The phone was locked, so that nothing it sends is carried out without a person."
    ),
    "device-wipe": _l(
        "The phone is to be erased, so that nothing it sends is carried out without a person."
    ),
    "device-wiped": _l(
        "The phone was erased, so that nothing it sends is carried out without a person."
    ),
    "device-retired": _l(
        "The phone is out of use, so that nothing it sends is carried out without a person."
    ),
    "escrow": _l(
        "It is the copy that a phone left with us before it could send what it had. Nobody has "
        "confirmed it."
    ),
    "id-taken": _l("Something else lies under the number that the phone had given to it."),
    "waits-for-record": _l(
        "It speaks of something that has not come in yet. It goes on waiting, and goes through by "
        "itself when that comes."
    ),
    "waits-for-birth": _l(
        "It speaks of a birth that has not been recorded yet. It goes through by itself when that "
        "is done."
    ),
    "waits-for-family": _l("It speaks of a family that has not been registered yet."),
    "newer-version": _l(
        "It comes from an app that is newer than ours. It goes through by itself when ours is too."
    ),
    "time-taken": _l(
        "The nurse has another appointment at that time. Agree on another time with the family; "
        "those below are free."
    ),
    "outside-hours": _l(
        "The nurse does not work then. Agree on another time with the family; those below are "
        "free. Or carry it out, and say below why it is to be then."
    ),
    "quarantined": _l(
        "It came in and lies safe, but we could not read it. That is a fault of ours: those who "
        "run the programme have been told, and it goes through by itself when it is mended. Ask "
        "whoever sent it what it was about, if it cannot wait."
    ),
    "online-only": _l(
        "Who follows a family is decided on the page for it, while there is a network."
    ),
}
"""Why something is in the inbox; other codes have the words of `refusals`."""


class Offered(NamedTuple):
    """One choice: the value that the form sends, its words, and what happens then."""

    value: str
    words: str
    happens: str


_OPERATIONS: Final = {name: operation.__name__ for operation, name in NAMES.items()}


def kind_words(item: Review) -> str:
    """What sort of item it is."""
    return str(_SORTS.get(item.reason) or _KINDS[Kind(item.kind)])


def waiting_words(kind: str) -> str:
    """What waits in inboxes, as a lead counts it."""
    return str(_WAITING[Kind(kind)])


def headline(item: Review) -> str:
    """What an item is about."""
    if item.record_kind is not None and item.value_group is not None:
        found = _VALUES.get((item.record_kind, item.value_group))
        if found is not None:
            return str(found)
    told = dict.fromkeys(operation_words(str(one.get("op"))) for one in item.operations)
    return sentence(", ".join(map(inner, told))) or kind_words(item)


def operation_words(name: str) -> str:
    """What an operation is called, by its name as it travels."""
    return object_words(_OPERATIONS.get(name, name))


def why(item: Review) -> str:
    """Why it is in the inbox."""
    known = WHY.get(item.reason)
    if known is not None:
        return str(known)
    rule = said_of(item.reason)
    if rule is None:
        return _("A rule of the programme did not allow it (%(code)s).", code=item.reason)
    return _("A rule of the programme did not allow it: %(rule)s", rule=rule)


def only_to_read(item: Review) -> bool:
    """Whether there is nothing in it to be carried out: it is for reading."""
    return not item.operations


def offered(item: Review, sender: str) -> list[Offered]:
    """What can be decided of an item that is more than for reading."""
    aside = Offered(
        Choice.DISMISS,
        _("Set it aside"),
        _("Nothing is done. It stays here for good, with the reason that you give below."),
    )
    if item.kind != Kind.CONFLICT:
        return [
            Offered(
                Choice.FILE_HELD,
                _("Carry it out now"),
                _("It is recorded in the name of %(sender)s, who sent it.", sender=sender),
            ),
            aside,
        ]
    return [
        Offered(
            Choice.CURRENT,
            _("Keep what stands now"),
            _("Nothing changes. What was sent stays here beside it."),
        ),
        Offered(
            Choice.PROPOSED,
            _("Use what was sent"),
            _("It takes the place of what stands, which stays here beside it."),
        ),
        Offered(
            Choice.DISMISS,
            _("Neither is right"),
            _("Nothing changes for now. Say why below, and write what is right afterwards."),
        ),
    ]


def decided_as(decision: str) -> str:
    """What was decided, in words."""
    return str(_DECIDED.get(decision, decision))


_DECIDED: Final[dict[str, LazyText]] = {
    Choice.CURRENT: _l("What stood goes on standing"),
    Choice.PROPOSED: _l("What was sent took its place"),
    Choice.FILE_HELD: _l("It was carried out"),
    Choice.DISMISS: _l("Nothing was done"),
    ARRIVED: _l("It went through by itself"),
}
