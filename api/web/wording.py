"""The programme's codes in the reader's words. English here; bokmål in the translations."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from api.web.texts import LazyText, _, _l, locale_now
from nyefamilier.access.emergency import EmergencyState, Verdict
from nyefamilier.access.log import WITHOUT_TEXT
from nyefamilier.access.rules import Action, Ground
from nyefamilier.calendars.holidays import Holiday
from nyefamilier.calendars.hours import Purpose
from nyefamilier.calendars.rules import AbsenceKind
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Outcome, Protection, TeamPart
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.kernel.actors import Role
from nyefamilier.needs.states import NeedState
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.safety.states import OutingState
from nyefamilier.sync.revoking import Stop
from nyefamilier.sync.states import DeviceState
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
from nyefamilier.wire.verdicts import DropReason

_TABLES: dict[type[StrEnum], dict[Any, LazyText]] = {
    Role: {
        Role.NURSE: _l("Public health nurse"),
        Role.LEAD: _l("Programme lead"),
        Role.PLANNER: _l("Planner"),
        Role.PRIVACY_OFFICER: _l("Privacy officer"),
        Role.SYSTEM: _l("The programme itself"),
    },
    MemberRole: {
        MemberRole.MOTHER: _l("Mother"),
        MemberRole.FATHER: _l("Father"),
        MemberRole.CO_MOTHER: _l("Co-mother"),
        MemberRole.GUARDIAN: _l("Guardian"),
        MemberRole.CHILD: _l("Child"),
    },
    Protection: {
        Protection.NONE: _l("No protection"),
        Protection.CONFIDENTIAL: _l("Confidential (code 7)"),
        Protection.STRICTLY_CONFIDENTIAL: _l("Strictly confidential (code 6)"),
    },
    Outcome: {
        Outcome.EXPECTED: _l("Expected"),
        Outcome.BORN: _l("Born"),
        Outcome.LOST: _l("The pregnancy ended"),
        Outcome.STILLBORN: _l("Stillborn"),
    },
    OutingState: {
        OutingState.OUT: _l("Out"),
        OutingState.OVERDUE: _l("Late"),
        OutingState.SETTLED: _l("Late, and reached"),
        OutingState.BACK: _l("Back"),
    },
    AddressSource: {
        AddressSource.FAMILY: _l("Confirmed by the family"),
        AddressSource.REGISTER: _l("National population register"),
        AddressSource.REFERRAL: _l("Referral"),
    },
    TeamPart: {
        TeamPart.PRIMARY: _l("Primary nurse"),
        TeamPart.COVERING: _l("Covering nurse"),
    },
    Basis: {
        Basis.FIRST_CHILD: _l("First child"),
        Basis.FIRST_CHILD_TOGETHER: _l("First child together"),
        Basis.FIRST_CHILD_IN_NORWAY: _l("First child in Norway"),
        Basis.EXTENDED_NEED: _l("Has children already, and an extended need"),
    },
    Channel: {
        Channel.MIDWIFE: _l("The midwife"),
        Channel.LETTER: _l("Letter"),
        Channel.TELEPHONE: _l("Telephone"),
        Channel.DIGITAL: _l("DigiHelsestasjon"),
        Channel.CLINIC: _l("At the clinic"),
        Channel.OTHER: _l("In another way"),
    },
    Answer: {
        Answer.YES: _l("Yes"),
        Answer.NO: _l("No, thank you"),
        Answer.LATER: _l("Yes, later"),
        Answer.UNANSWERED: _l("Not answered yet"),
    },
    EnrolmentState: {
        EnrolmentState.ACTIVE: _l("Takes part"),
        EnrolmentState.PAUSED: _l("No visits for now"),
        EnrolmentState.COMPLETED: _l("Completed"),
        EnrolmentState.WITHDRAWN: _l("Wanted no more visits"),
        EnrolmentState.MOVED_OUT: _l("Moved out of Oslo"),
        EnrolmentState.ENDED_BY_LOSS: _l("Ended"),
    },
    VisitState: {
        VisitState.PLANNED: _l("Planned"),
        VisitState.BOOKED: _l("Agreed"),
        VisitState.DONE: _l("Done"),
        VisitState.NOT_HOME: _l("Nobody at home"),
        VisitState.CANCELLED_BY_FAMILY: _l("Cancelled by the family"),
        VisitState.CANCELLED_BY_US: _l("Cancelled by us"),
        VisitState.SUPERSEDED: _l("No longer relevant"),
    },
    VisitOutcome: {
        VisitOutcome.DONE: _l("The visit took place"),
        VisitOutcome.NOT_HOME: _l("Nobody was at home"),
    },
    CancelledBy: {
        CancelledBy.FAMILY: _l("The family"),
        CancelledBy.US: _l("We did"),
    },
    Place: {
        Place.HOME: _l("At home"),
        Place.CLINIC: _l("At the clinic"),
        Place.TELEPHONE: _l("By telephone"),
        Place.OTHER: _l("Another place"),
    },
    Present: {
        Present.MOTHER: _l("Mother"),
        Present.FATHER: _l("Father"),
        Present.CO_MOTHER: _l("Co-mother"),
        Present.GUARDIAN: _l("Guardian"),
        Present.CHILD: _l("Child"),
        Present.SIBLING: _l("Brother or sister"),
        Present.INTERPRETER: _l("Interpreter"),
        Present.STUDENT: _l("Student"),
        Present.OTHER: _l("Somebody else"),
    },
    InterpretedBy: {
        InterpretedBy.INTERPRETER: _l("An interpreter"),
        InterpretedBy.CHILD: _l("A child"),
        InterpretedBy.RELATIVE: _l("A relative"),
    },
    InterpreterCategory: {
        InterpreterCategory.A: _l("Qualified, category A"),
        InterpreterCategory.B: _l("Qualified, category B"),
        InterpreterCategory.C: _l("Qualified, category C"),
        InterpreterCategory.D: _l("Qualified, category D"),
        InterpreterCategory.E: _l("Qualified, category E"),
        InterpreterCategory.UNQUALIFIED: _l("Not qualified (not in the national register)"),
        InterpreterCategory.NEEDED_BUT_ABSENT: _l("Needed, but none was there"),
    },
    Theme: {
        Theme.PARENTS_OWN: _l("The parents' own topic"),
        Theme.SAFE_START: _l("A safe start"),
        Theme.INTERACTION: _l("Parent and child together"),
        Theme.COPING: _l("Mastering parenthood"),
        Theme.FEEDING: _l("Breastfeeding and nutrition"),
        Theme.SLEEP: _l("Sleep"),
        Theme.HEALTH: _l("The child's health"),
        Theme.PARENTS_HEALTH: _l("The parents' health"),
        Theme.FAMILY_NETWORK: _l("Family and network"),
        Theme.WORK_EDUCATION: _l("Work and education"),
        Theme.SAFETY: _l("Safety at home"),
        Theme.BIRTH_EXPERIENCE: _l("How the birth was"),
    },
    NeedState: {
        NeedState.OPEN: _l("Open"),
        NeedState.BEING_MET: _l("We are on it"),
        NeedState.MET: _l("Met"),
        NeedState.NO_LONGER_WISHED: _l("No longer wished for"),
    },
    NoteKind: {
        NoteKind.ORDINARY: _l("Ordinary note"),
        NoteKind.CONCERN: _l("Concern (restricted)"),
        NoteKind.VIOLENCE: _l("Violence (restricted)"),
        NoteKind.MENTAL_HEALTH: _l("Mental health (restricted)"),
    },
    IdType: {
        IdType.FNR: _l("National identity number"),
        IdType.DNR: _l("D-number"),
        IdType.HNR: _l("H-number"),
        IdType.FHN: _l("FHN (common help number)"),
        IdType.DUF: _l("DUF number"),
        IdType.SYNTHETIC_80: _l("Synthetic (month + 80)"),
        IdType.SYNTHETIC_65: _l("Synthetic (month + 65)"),
        IdType.NAV_TEST: _l("NAV's test population"),
    },
    Purpose: {
        Purpose.HOME: _l("Home visits"),
        Purpose.CLINIC: _l("At the clinic"),
    },
    AbsenceKind: {
        AbsenceKind.LEAVE: _l("Leave or holiday"),
        AbsenceKind.SICKNESS: _l("Sickness"),
        AbsenceKind.COURSE: _l("Course"),
        AbsenceKind.OTHER: _l("Something else"),
    },
    Holiday: {
        Holiday.NEW_YEARS_DAY: _l("New Year's Day"),
        Holiday.MAUNDY_THURSDAY: _l("Maundy Thursday"),
        Holiday.GOOD_FRIDAY: _l("Good Friday"),
        Holiday.EASTER_SUNDAY: _l("Easter Sunday"),
        Holiday.EASTER_MONDAY: _l("Easter Monday"),
        Holiday.LABOUR_DAY: _l("1 May"),
        Holiday.CONSTITUTION_DAY: _l("17 May, Constitution Day"),
        Holiday.ASCENSION_DAY: _l("Ascension Day"),
        Holiday.WHIT_SUNDAY: _l("Whit Sunday"),
        Holiday.WHIT_MONDAY: _l("Whit Monday"),
        Holiday.CHRISTMAS_DAY: _l("Christmas Day"),
        Holiday.BOXING_DAY: _l("Boxing Day"),
    },
    DeviceState: {
        DeviceState.ACTIVE: _l("In use"),
        DeviceState.LOCKED: _l("Locked"),
        DeviceState.WIPE: _l("To be erased at its next contact"),
        DeviceState.WIPED: _l("Erased"),
        DeviceState.RETIRED: _l("Out of use"),
    },
    Stop: {
        Stop.LOCK: _l("Lock it: it may be lost"),
        Stop.UNLOCK: _l("Unlock it: it was found"),
        Stop.WIPE: _l("Erase it: it is lost for good"),
        Stop.RETIRE: _l("Take it out of use: it was replaced"),
    },
    DropReason: {
        DropReason.NOT_HERS: _l("The nurse no longer follows the family"),
        DropReason.PROTECTED: _l("The family's address is protected"),
        DropReason.ENDED: _l("The family has left the programme"),
    },
    EmergencyState: {
        EmergencyState.OPEN: _l("Open now"),
        EmergencyState.TO_REVIEW: _l("To be looked at"),
        EmergencyState.OVERDUE: _l("Nobody has looked at it in seven days"),
        EmergencyState.REVIEWED: _l("Looked at"),
    },
    Verdict: {
        Verdict.JUSTIFIED: _l("She had to read it"),
        Verdict.UNJUSTIFIED: _l("She did not have to read it"),
    },
    Ground: {
        Ground.PRIMARY: _l("The family's primary nurse"),
        Ground.COVERING: _l("Covers for the primary nurse"),
        Ground.EMERGENCY: _l("Emergency access"),
        Ground.REGISTERING: _l("Registered the family"),
        Ground.LEAD: _l("Lead of the family's bydel"),
        Ground.PRIVACY_OFFICER: _l("Privacy officer"),
        Ground.PROGRAMME: _l("The programme itself"),
        Ground.FORMER: _l("Followed the family before"),
    },
    Action: {
        Action.READ: _l("Read"),
        Action.WRITE: _l("Wrote"),
        Action.ASSIGN: _l("Changed the team"),
        Action.AUDIT: _l("Audited"),
        Action.PURGE: _l("Copy gone"),
    },
}

_OBJECTS = {
    "address": _l("The present address"),
    "copy-lapsed": _l("A phone's copy, which nobody can open any more"),
    "copy-wiped": _l("A phone's copy, which was erased"),
    "copy-deleted": _l("A phone's copy, which the phone has deleted"),
    "copy-asked-back": _l("A phone's copy, which the phone was asked to delete"),
    "sync": _l("Sent to a phone"),
    "copies": _l("List of phones' copies"),
    "emergency": _l("Emergency access, and the reason for it"),
    "family": _l("The family"),
    "offers": _l("Offers"),
    "enrolments": _l("Participation"),
    "visits": _l("Visits"),
    "plan": _l("Plan"),
    "slots": _l("Times to offer"),
    "replan": _l("Visits to look at"),
    "needs": _l("Needs"),
    "text": _l("A text to the parents"),
    "texts": _l("Texts to the parents"),
    "notes": _l("Notes"),
    "reviews": _l("Inbox"),
    "list": _l("List of families"),
    "worklist": _l("Worklist"),
    "lookup": _l("Looked up a person"),
    "mutation": _l("An earlier change"),
    "RegisterFamily": _l("Registration"),
    "AddMember": _l("New person"),
    "UpdateMember": _l("A person's details"),
    "RegisterPregnancy": _l("Pregnancy"),
    "RecordBirth": _l("Birth"),
    "RecordHomecoming": _l("Coming home"),
    "CorrectTerm": _l("Corrected due date"),
    "CorrectBirth": _l("Corrected date of birth"),
    "RecordLoss": _l("Loss"),
    "RecordDeath": _l("Death"),
    "SetAddress": _l("Address"),
    "AssignNurse": _l("Primary nurse"),
    "CoverNurse": _l("Covering nurse"),
    "MoveFamily": _l("Move"),
    "MakeOffer": _l("Offer"),
    "AnswerOffer": _l("Answer to an offer"),
    "ChangeEnrolment": _l("Participation"),
    "BookVisit": _l("Agreed visit"),
    "RecordVisit": _l("Recorded visit"),
    "CancelVisit": _l("Cancelled visit"),
    "ReworkPlan": _l("Reworked plan"),
    "WriteNote": _l("Note"),
    "CorrectNote": _l("Correction of a note"),
    "StateNeed": _l("New need"),
    "ReviewNeed": _l("Need looked at"),
    "CloseNeed": _l("Need closed"),
    "DecideReview": _l("Decided about what a phone sent"),
}
"""What the access log says was opened: parts of the record, and the door's operations."""

_DOORWAYS = {
    "web": _l("Page"),
    "rest": _l("API"),
    "import": _l("Import"),
    "job": _l("Timed job"),
    "demo": _l("Demonstration"),
    "cli": _l("Command line"),
}

PROGRAMMES = {"nye_familier": "Nye familier", "nfp": "Sammen på vei (NFP)"}
"""The programmes' own names; they are not translated."""

LANGUAGES = (
    "nb", "en", "am", "ar", "prs", "ckb", "zh", "es", "et", "fr", "hr", "hi", "kmr", "lv", "lt",
    "so", "my", "ne", "fa", "pl", "pt", "ps", "pa", "ro", "ru", "sq", "sr", "sw", "ta", "th",
    "ti", "cs", "tr", "uk", "hu", "ur", "vi",
)  # fmt: skip
"""Languages to choose from, as codes of CLDR; a family's own may be written in as well."""

_NAMED_BY_US = {
    "prs": _l("Dari"),
    "kmr": _l("Kurdish (Kurmanji)"),
    "ckb": _l("Kurdish (Sorani)"),
    "nb": _l("Norwegian"),
}


def words(member: StrEnum) -> LazyText:
    """The member in words.

    Raises:
        KeyError: nobody has found words for it.
    """
    return _TABLES[type(member)][member]


def object_words(name: str) -> str:
    """What was opened, in words; the log's own name where there are none."""
    whole = name.removesuffix(WITHOUT_TEXT)
    told = str(_OBJECTS.get(whole, whole))
    return told if whole == name else _("%(what)s (without names and text)", what=told)


def objects() -> frozenset[str]:
    """The names that there are words for."""
    return frozenset(_OBJECTS)


def doorway_words(name: str) -> str:
    """Through what it was opened, in words."""
    return str(_DOORWAYS.get(name, name))


def options(kind: type[StrEnum], without: Iterable[StrEnum] = ()) -> list[tuple[str, LazyText]]:
    """The members of *kind* as choices: value and words."""
    left_out = set(without)
    return [(str(one), words(one)) for one in kind if one not in left_out]


def language_name(code: str) -> str:
    """The name of a language within a sentence, or what was written where we know none."""
    if code in _NAMED_BY_US:
        return str(_NAMED_BY_US[code])
    return str(locale_now().languages.get(code, code))


def language_options() -> list[tuple[str, str]]:
    """Languages as choices, Norwegian and English first, the rest by name."""
    named = [(code, _first_large(language_name(code))) for code in LANGUAGES]
    return named[:2] + sorted(named[2:], key=lambda pair: pair[1])


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
