"""Why something was refused, in the reader's words.

A refusal's own detail is English for programs. People get a sentence of their own for each code;
a code that nobody has found words for says so with the general sentence and its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.web.formats import day
from api.web.texts import LazyText, _, _l
from nyefamilier.kernel.errors import Refusal

_WORDS: dict[str, LazyText] = {
    # families
    "address-before-present": _l("The new address cannot be valid from before the present one."),
    "address-of-protected": _l(
        "A strictly confidential address is never stored. Agree on a meeting place instead."
    ),
    "birth-after-44-weeks": _l(
        "By the due date this would be a birth after week 44. Check both dates."
    ),
    "birth-after-visit": _l(
        "A visit after the birth was made before this day. The child was born on the day of that "
        "visit or earlier."
    ),
    "birth-before-20-weeks": _l(
        "By the due date this would be a birth before week 20. Check both dates; a pregnancy that "
        "ended so early is recorded as a loss."
    ),
    "born-on-of-adult": _l("Only a child's date of birth is kept."),
    "cover-period": _l("Cover ends today at the earliest and in 62 days at the latest."),
    "date-in-future": _l("What has happened cannot lie in the future."),
    "date-too-old": _l("The day lies further back than this can have happened. Check the year."),
    "death-before-birth": _l("Death cannot be before the birth."),
    "delbydel-missing": _l("Choose the delbydel that the family lives in."),
    "delbydel-of-protected": _l(
        "A protected address is stored without delbydel: the area would give it away."
    ),
    "family-exists": _l("This family has been registered already."),
    "homecoming-before-birth": _l("Coming home cannot be before the birth."),
    "national-id-check-digits": _l(
        "The check digits do not fit. A digit is wrong, or two are swapped: read it once more."
    ),
    "national-id-length": _l(
        "A national identity number has 11 digits, and a DUF number has 12. Nothing but digits."
    ),
    "national-id-type": _l("The number is not of the kind that was chosen."),
    "no-children": _l("Fill in at least one child."),
    "no-members": _l("Fill in at least one adult."),
    "not-born-yet": _l("Record the birth before coming home."),
    "nurse-required": _l(
        "No bydel answers for a protected address, so choose the nurse who takes over."
    ),
    "outcome": _l("Choose what happened."),
    "pregnancy-ended": _l("This pregnancy has already ended."),
    "pregnancy-open": _l(
        "The family already has a pregnancy that has not ended. Record its birth or its loss first."
    ),
    "real-national-id": _l(
        "Only synthetic numbers (month + 80 or + 65) are accepted here: this one may belong to a "
        "real person."
    ),
    "term-too-far": _l("The due date is more than 42 weeks ahead. Check the year."),
    "term-too-old": _l(
        "The due date is more than four years back; the programme ends when the child is two."
    ),
    "unknown-delbydel": _l("Choose a delbydel from the list."),
    "unknown-nurse": _l("Choose a nurse who works here."),
    # emergency access
    "emergency-lasts": _l("It lasts still. End it first, or wait until it is over."),
    "follows-already": _l("You follow this family. You find it among your own."),
    "password-wrong": _l("This is not your password. Type it once more."),
    "reason-too-short": _l(
        "Say a little more, in at least 20 characters: somebody else will judge by it."
    ),
    "remark-missing": _l("Say what was wrong. The nurse can read it."),
    "reviewed-already": _l(
        "Somebody has looked at it already. Open the list to see what she found."
    ),
    # offers
    "answer-before-offer": _l("The answer is older than the offer."),
    "enrolment-already-active": _l("The family already takes part in a programme."),
    "enrolment-closed": _l(
        "The family has left the programme. If it wants visits again, make a new offer."
    ),
    "enrolment-state": _l("The family already stands there in the programme."),
    "offer-accepted": _l(
        "The family has said yes. If it wants no visits now, pause or end its participation."
    ),
    "offer-open": _l("There is an offer for this pregnancy already. Record the answer to it."),
    "pregnancy-lost": _l("The family has lost this pregnancy. Nothing is offered for it."),
    "reason-missing": _l("Say why the need is extended. Only the family's nurses can read it."),
    "unknown-programme": _l("Choose a programme from the list."),
    # visits
    "interpreter-reason": _l("Say why there was no qualified interpreter."),
    "interpreter-child": _l(
        "A child never interprets (the Interpreting Act, section 4). Book an interpreter by "
        "telephone instead."
    ),
    "interpreter-relative": _l(
        "A relative or a friend never interprets (the Interpreting Act, sections 6 and 7). Book an "
        "interpreter by telephone instead."
    ),
    "not-alone": _l(
        "Nobody is to be there alone. Choose who comes too, or meet at the clinic or by telephone."
    ),
    "nurse-not-qualified": _l(
        "Only a public health nurse makes these visits. Choose one of the family's own nurses."
    ),
    "window-closed": _l(
        "The time for this visit is over. Agree on a visit outside the plan instead."
    ),
    "outside-hours": _l(
        "Whoever is to come does not work then. Choose another time, or say why it is to be then."
    ),
    "time-taken": _l("Whoever is to come has another appointment then. Choose another time."),
    "unknown-visit-kind": _l("The family's protocol has no such visit."),
    "birth-awaited": _l(
        "This visit is counted from the birth, and the child is not born yet. Record the birth "
        "first."
    ),
    "visit-closed": _l("This visit is closed. Record what happened as a new visit."),
    "visit-days-differ": _l("The time is on another day than the one that was agreed on."),
    "visit-in-future": _l("A visit that has not begun yet is agreed, not recorded."),
    "visit-in-past": _l("A visit is agreed for today or later. Record it if it took place."),
    "visit-minutes": _l("A visit lasts from 1 to 600 minutes."),
    "visit-too-far": _l("A visit is agreed at most a year ahead. Check the year."),
    # working hours and absences
    "absence-overlaps": _l("There is an absence on some of these days already."),
    "absence-period": _l(
        "An absence ends after it begins, begins from a year back to three years ahead, and lasts "
        "three years at most."
    ),
    "half-day": _l("It must end after it begins."),
    "half-days": _l("The two parts of the day overlap."),
    "hours-begin": _l("Working hours begin from a month back to two years ahead."),
    "hours-range": _l("A position is 1 to 100 per cent, and travel takes 0 to 120 minutes."),
    # needs and notes
    "need-closed": _l("The parents have closed this need. If it is back, write a new one."),
    "need-closed-by-parents-only": _l("Only a parent closes a need."),
    "need-state": _l("A need is closed as met, or as no longer wished for."),
    "restricted-note-visible": _l("A restricted note is never shown to parents in an app."),
    "need-empty": _l("Write what the parents said."),
    "not-a-parent": _l("A need is stated, and closed, by a parent."),
    "note-empty": _l("Write the note."),
    "text-too-long": _l("The text is too long. Shorten it."),
    # the inbox
    "review-choice": _l("This cannot be decided so. Look at the item again."),
    "review-decided": _l("Somebody has decided this already. Look at the item again."),
    # the door
    "key-provider-away": _l(
        "The keys are out of reach for a moment. Nothing is lost; press the button again."
    ),
    "mutation-id-reused": _l(
        "This form was saved already with other content. Look at the family's page before you "
        "write it again."
    ),
    "not-found": _l("There is no such record, or it is not yours to see."),
    "not-allowed": _l("Your role does not allow this."),
    "device-state": _l("The phone is in another state by now. Look at it again."),
    "wrong-device": _l("There is no such phone, or it is not yours to stop."),
    "stale-version": _l(
        "The family's records have changed since you opened this page. Look at what is new, and "
        "press the button once more if what you wrote still holds."
    ),
    "database-away": _l(
        "The database is out of reach for a moment. Nothing is lost; press the button again."
    ),
    "database-busy": _l(
        "Too many are writing at once. Nothing is lost; press the button again in a moment."
    ),
    "database-disk-full": _l(
        "The database has no space left. Nothing was saved; tell those who run the programme."
    ),
    "family-key-closed": _l(
        "The family's records cannot be opened. Nothing was changed; tell those who run the "
        "programme."
    ),
    "id-taken": _l("This was saved already under another form. Open the page again."),
    "record-damaged": _l(
        "A record is damaged and was not shown. Nothing was changed; tell those who run the "
        "programme."
    ),
    "too-large": _l(
        "This is more text than one form can take. Go back, where what you wrote still stands, and "
        "save it in two parts."
    ),
    "too-many-operations": _l(
        "This is more than one form can take. Go back, where what you wrote still stands, and "
        "save it in two parts."
    ),
    # uptake
    "breakdown-too-fine": _l(
        "Figures are published for whole years and whole bydeler: from anything finer a few "
        "families could be worked out."
    ),
    "unknown-bydel": _l("There is no such bydel. Choose one from the list."),
    "period-in-future": _l("The period has not begun yet."),
    "period-not-over": _l("The period is not over yet."),
    "period-not-published": _l("Figures are published for whole years."),
    "period-swapped": _l("The first year comes after the last one."),
    # rollout
    "arsverk-out-of-range": _l("Write a number from 0 to 1000."),
    "plan-archived": _l("This version was put away. Decide on another one."),
    "plan-flawed": _l(
        "The plan has flaws. Each is named below, with its place and how to mend it. Nothing was "
        "saved."
    ),
    "plan-not-decided": _l("Nobody has decided on this version, so nothing follows it yet."),
    "too-many-draws": _l("So many draws cannot be computed while you wait. Ask for fewer."),
}


def said(refusal: Refusal) -> str:
    """The refusal in the reader's words."""
    if refusal.code == "window-closed" and "last_day" in refusal.members:
        return _until(refusal.members)
    known = said_of(refusal.code)
    return known or _("This cannot be done as it stands (%(code)s).", code=refusal.code)


def _until(members: Mapping[str, object]) -> str:
    last = day(date.fromisoformat(str(members["last_day"])))
    if "homecoming" in members:
        return _(
            "The last day for this visit is %(day)s. If the child came home later, record the "
            "homecoming first, and the days follow it. Or agree on a visit outside the plan.",
            day=last,
        )
    return _(
        "The last day for this visit is %(day)s. Choose a day until then, or agree on a visit "
        "outside the plan.",
        day=last,
    )


def said_of(code: str) -> str | None:
    """The words for a code; None when nobody has found any."""
    known = _WORDS.get(code)
    return None if known is None else str(known)


def codes() -> frozenset[str]:
    """The codes that there are words for."""
    return frozenset(_WORDS)
