"""The shape of every operation as it travels, by its name; the fields are those of its intent.

REST has an address for each of them and says part of it in the address; a test holds that both take
and refuse the same values.
"""

from __future__ import annotations

from typing import Any, Final

from nyefamilier.changes import intents as inbox
from nyefamilier.changes.intents import Choice
from nyefamilier.door.mutations import Operation
from nyefamilier.door.shapes import (
    Member,
    Shape,
    day,
    flag,
    identifier,
    instant,
    one_of,
    part,
    several,
    text,
    whole,
    word,
)
from nyefamilier.families import intents as families
from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import LOSSES, AddressSource, MemberRole, Outcome, Protection
from nyefamilier.journal import intents as journal
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.needs import intents as needs
from nyefamilier.needs.states import NeedState
from nyefamilier.offers import intents as offers
from nyefamilier.offers.states import PROGRAMMES, Answer, Basis, Channel, EnrolmentState
from nyefamilier.visits import intents as visits
from nyefamilier.visits.slots import LEAST_MINUTES, MOST_BOOKED
from nyefamilier.visits.states import (
    QUALIFIED,
    InterpretedBy,
    InterpreterCategory,
    Place,
    Present,
    Theme,
)

_id: Final = identifier()
_need_id: Final = _id.must()


def _update_member(**told: Any) -> families.UpdateMember:  # noqa: ANN401 - as they are told
    """What is told is changed; the rest stays. The mutation's ``base_rev`` says what was seen."""
    only = tuple(sorted(told.keys() - {"member_id"}))
    return families.UpdateMember(**{"base_rev": 0, "name": "", **told, "only": only})


def _new_address(**told: Any) -> families.NewAddress:  # noqa: ANN401 - as they are told
    return families.NewAddress(**{"delbydel": None, **told})


_INTERPRETER_NEED: Final = Shape(
    InterpreterNeed,
    {
        "language": text(families.LANGUAGE_CHARS).must(),
        "dialect": text(families.LANGUAGE_CHARS).or_null(),
        "gender_wish": text(families.LANGUAGE_CHARS).or_null(),
    },
)
_NATIONAL_ID: Final[dict[str, Member]] = {
    "national_id": text(families.NATIONAL_ID_CHARS),
    "national_id_type": one_of(IdType),
}
_NEW_MEMBER: Final = Shape(
    families.NewMember,
    {
        "id": _need_id,
        "role": one_of(MemberRole).must(),
        "name": text(families.NAME_CHARS).must(),
        **_NATIONAL_ID,
        "phone": text(families.PHONE_CHARS),
        "language": text(families.LANGUAGE_CHARS),
        "interpreter": part(_INTERPRETER_NEED),
        "born_on": day(),
    },
)
_NEW_ADDRESS: Final = Shape(
    _new_address,
    {
        "id": _need_id,
        "delbydel": text(10),
        "valid_from": day().must(),
        "lines": text(families.ADDRESS_CHARS, lines=True),
        "postal_code": text(4, min_chars=4),
        "directions": text(families.DIRECTIONS_CHARS, lines=True),
        "source": one_of(AddressSource),
        "protection": one_of(Protection),
    },
)
_NEW_CHILD: Final = Shape(
    families.NewChild,
    {
        "member_id": _need_id,
        "name": text(families.NAME_CHARS),
        **_NATIONAL_ID,
        "stillborn": flag(),
    },
)
_OUTSIDE_HOURS: Final = text(visits.REASON_CHARS, lines=True)
_NEXT_VISIT: Final = Shape(
    visits.NextVisit,
    {
        "id": _need_id,
        "on": day().must(),
        "at": instant(),
        "place": one_of(Place),
        "outside_hours": _OUTSIDE_HOURS,
    },
)
_INTERPRETER: Final = Shape(
    visits.Interpreter,
    {
        "category": one_of(InterpreterCategory).must(),
        "language": text(families.LANGUAGE_CHARS).must(),
        "why_unqualified": text(visits.REASON_CHARS, lines=True),
    },
)
_INTERPRETER_BOOKING: Final = Shape(
    visits.InterpreterBooking,
    {
        "language": text(families.LANGUAGE_CHARS).must(),
        "dialect": text(families.LANGUAGE_CHARS),
        "gender_wish": text(families.LANGUAGE_CHARS),
        "category": one_of(InterpreterCategory, *QUALIFIED),
        "remote": flag(),
        "confirmed": flag(),
        "who": one_of(InterpretedBy),
    },
)
_WORDS: Final = text(needs.WORDS_CHARS, lines=True)

SHAPES: Final[dict[str, Shape]] = {
    "family.register": Shape(
        families.RegisterFamily,
        {
            "members": several(part(_NEW_MEMBER), 1, families.MOST_MEMBERS).must(),
            "address": part(_NEW_ADDRESS).must(),
            "primary_nurse": _id,
        },
    ),
    "member.add": Shape(families.AddMember, {"member": part(_NEW_MEMBER).must()}),
    "member.update": Shape(
        _update_member,
        {
            "member_id": _need_id,
            "name": text(families.NAME_CHARS),
            **{name: member.or_null() for name, member in _NATIONAL_ID.items()},
            "phone": text(families.PHONE_CHARS).or_null(),
            "language": text(families.LANGUAGE_CHARS).or_null(),
            "interpreter": part(_INTERPRETER_NEED).or_null(),
            "no_texts": flag(),
        },
    ),
    "pregnancy.register": Shape(
        families.RegisterPregnancy,
        {
            "pregnancy_id": _need_id,
            "term": day().must(),
            "expected": whole(1, families.MOST_CHILDREN),
            "basis": one_of(Basis),
        },
    ),
    "birth.record": Shape(
        families.RecordBirth,
        {
            "pregnancy_id": _need_id,
            "born_on": day().must(),
            "children": several(part(_NEW_CHILD), 1, families.MOST_CHILDREN).must(),
            "homecoming_on": day(),
        },
    ),
    "homecoming.record": Shape(
        families.RecordHomecoming, {"pregnancy_id": _need_id, "homecoming_on": day().must()}
    ),
    "term.correct": Shape(families.CorrectTerm, {"pregnancy_id": _need_id, "term": day().must()}),
    "birth.correct": Shape(
        families.CorrectBirth, {"pregnancy_id": _need_id, "born_on": day().must()}
    ),
    "loss.record": Shape(
        families.RecordLoss,
        {
            "pregnancy_id": _need_id,
            "outcome": one_of(Outcome, *sorted(LOSSES)).must(),
            "on": day().must(),
        },
    ),
    "death.record": Shape(families.RecordDeath, {"member_id": _need_id, "on": day().must()}),
    "address.set": Shape(families.SetAddress, {"address": part(_NEW_ADDRESS).must()}),
    "team.assign": Shape(families.AssignNurse, {"team_id": _need_id, "nurse_id": _need_id}),
    "team.cover": Shape(
        families.CoverNurse, {"team_id": _need_id, "nurse_id": _need_id, "until": day().must()}
    ),
    "family.move": Shape(
        families.MoveFamily,
        {
            "move_id": _need_id,
            "address": part(_NEW_ADDRESS).must(),
            "to_nurse": _id,
            "team_id": _id,
            "summary": text(families.HANDOVER_CHARS, lines=True),
        },
    ),
    "offer.make": Shape(
        offers.MakeOffer,
        {
            "offer_id": _need_id,
            "pregnancy_id": _need_id,
            "programme": word(*PROGRAMMES).must(),
            "basis": one_of(Basis).must(),
            "channel": one_of(Channel).must(),
            "offered_on": day().must(),
            "reason": text(offers.REASON_CHARS, lines=True),
        },
    ),
    "offer.answer": Shape(
        offers.AnswerOffer,
        {
            "answer_id": _need_id,
            "offer_id": _need_id,
            "answer": one_of(Answer).must(),
            "answered_on": day().must(),
        },
    ),
    "enrolment.change": Shape(
        offers.ChangeEnrolment,
        {"enrolment_id": _need_id, "to": one_of(EnrolmentState).must(), "on": day().must()},
    ),
    "visit.book": Shape(
        visits.BookVisit,
        {
            "visit_id": _need_id,
            "at": instant().must(),
            "place": one_of(Place),
            "kind": text(visits.KIND_CHARS),
            "nurse_id": _id,
            "agreed": text(visits.AGREED_CHARS, lines=True),
            "minutes": whole(LEAST_MINUTES, MOST_BOOKED),
            "second_nurse_id": _id,
            "interpreter": part(_INTERPRETER_BOOKING),
            "no_interpreter": flag(),
            "not_alone": flag(),
            "safety_note": text(visits.SAFETY_CHARS),
            "outside_hours": _OUTSIDE_HOURS,
        },
    ),
    "visit.record": Shape(
        visits.RecordVisit,
        {
            "visit_id": _need_id,
            "outcome": one_of(visits.Outcome).must(),
            "at": instant().must(),
            "minutes": whole(0, visits.MOST_MINUTES).must(),
            "place": one_of(Place),
            "kind": text(visits.KIND_CHARS),
            "present": several(one_of(Present), 0, visits.MOST_PRESENT),
            "themes": several(one_of(Theme), 0, visits.MOST_THEMES),
            "interpreter": part(_INTERPRETER),
            "nurse_id": _id,
            "next_visit": part(_NEXT_VISIT),
        },
    ),
    "visit.cancel": Shape(
        visits.CancelVisit,
        {
            "visit_id": _need_id,
            "by": one_of(visits.CancelledBy).must(),
            "reason": text(visits.REASON_CHARS, lines=True),
        },
    ),
    "plan.rework": Shape(visits.ReworkPlan, {"enrolment_id": _need_id}),
    "note.write": Shape(
        journal.WriteNote,
        {
            "note_id": _need_id,
            "member_id": _need_id,
            "text": text(journal.NOTE_CHARS, lines=True).must(),
            "kind": one_of(NoteKind),
            "visible_to_parents": flag(),
            "visit_id": _id,
        },
    ),
    "note.correct": Shape(
        journal.CorrectNote,
        {
            "note_id": _need_id,
            "corrects": _need_id,
            "text": text(journal.NOTE_CHARS, lines=True).must(),
        },
    ),
    "need.state": Shape(
        needs.StateNeed,
        {
            "need_id": _need_id,
            "stated_by": _need_id,
            "words": _WORDS.must(),
            "wish": _WORDS,
            "theme": one_of(Theme),
            "visit_id": _id,
        },
    ),
    "need.review": Shape(
        needs.ReviewNeed,
        {
            "review_id": _need_id,
            "need_id": _need_id,
            "state": one_of(NeedState).must(),
            "words": _WORDS,
            "visit_id": _id,
        },
    ),
    "need.close": Shape(
        needs.CloseNeed,
        {
            "review_id": _need_id,
            "need_id": _need_id,
            "closed_by": _need_id,
            "state": one_of(NeedState, NeedState.MET, NeedState.NO_LONGER_WISHED).must(),
            "words": _WORDS,
            "visit_id": _id,
        },
    ),
    "review.decide": Shape(
        inbox.DecideReview,
        {
            "review_id": _need_id,
            "choose": one_of(Choice).must(),
            "reason": text(inbox.REASON_CHARS, lines=True),
        },
    ),
}
"""Every operation that travels, by its name."""

NAMES: Final[dict[type[Operation], str]] = {
    families.RegisterFamily: "family.register",
    families.AddMember: "member.add",
    families.UpdateMember: "member.update",
    families.RegisterPregnancy: "pregnancy.register",
    families.RecordBirth: "birth.record",
    families.RecordHomecoming: "homecoming.record",
    families.CorrectTerm: "term.correct",
    families.CorrectBirth: "birth.correct",
    families.RecordLoss: "loss.record",
    families.RecordDeath: "death.record",
    families.SetAddress: "address.set",
    families.AssignNurse: "team.assign",
    families.CoverNurse: "team.cover",
    families.MoveFamily: "family.move",
    offers.MakeOffer: "offer.make",
    offers.AnswerOffer: "offer.answer",
    offers.ChangeEnrolment: "enrolment.change",
    visits.BookVisit: "visit.book",
    visits.RecordVisit: "visit.record",
    visits.CancelVisit: "visit.cancel",
    visits.ReworkPlan: "plan.rework",
    journal.WriteNote: "note.write",
    journal.CorrectNote: "note.correct",
    needs.StateNeed: "need.state",
    needs.ReviewNeed: "need.review",
    needs.CloseNeed: "need.close",
    inbox.DecideReview: "review.decide",
}
"""What each kind of operation is called as it travels."""
