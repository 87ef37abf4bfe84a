"""What every page shares: its language, its reader, its menu, and how values are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, g, request, url_for
from markupsafe import Markup

from api.doorway import work
from api.problems import is_away
from api.programme import programme
from api.safety.patience import grace
from api.web import formats
from api.web.absences import absence_words
from api.web.deciding import waiting_words
from api.web.feed import slow_feeds_down
from api.web.language import add_languages, language
from api.web.problems import problem_title, problem_words
from api.web.quality.equity import points
from api.web.rearranging import reason_words
from api.web.texts import _l
from api.web.visit_names import visit_name
from api.web.wording import (
    PROGRAMMES,
    doorway_words,
    language_name,
    object_words,
    options,
    words,
)
from nyefamilier.access.rules import Action, Ground
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.door.reviews import open_items
from nyefamilier.families.emergencies import count_to_review
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Protection, TeamPart
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.kernel.actors import Role
from nyefamilier.offers.states import Basis, Channel
from nyefamilier.safety.views import count_overdue
from nyefamilier.visits.intents import Outcome
from nyefamilier.visits.states import InterpreterCategory, Place, Present, Theme

DONE = {
    "signed-out": _l("You are signed out."),
    "registered": _l("The family is registered."),
    "saved": _l("Saved."),
    "already-saved": _l("This was saved already. Nothing was done twice."),
    "offer": _l("The offer is recorded."),
    "answer": _l("The answer is recorded."),
    "birth": _l("The birth is recorded. The plan has new dates."),
    "loss": _l("It is recorded. Nothing more is sent to the family, and no visit is planned."),
    "death": _l("The death is recorded."),
    "visit": _l("The visit is recorded and signed."),
    "booked": _l("The visit is agreed."),
    "cancelled": _l("The visit is cancelled."),
    "replanned": _l("It is done, all of it together."),
    "need": _l("The need is recorded."),
    "note": _l("The note is signed."),
    "corrected": _l("The correction is signed. The version before can still be read."),
    "team": _l("The team is changed."),
    "decided": _l("Decided. Both contents are kept."),
    "phone": _l("Done. The phone hears of it at its next contact."),
    "hours": _l("The working hours are saved."),
    "absence": _l("The absence is recorded."),
    "absence-gone": _l("The absence is struck."),
    "feed-closed": _l("The address is closed. Nobody can read your appointments by it."),
    "plan": _l("The plan is saved, as a draft."),
    "plan-decided": _l("The version is decided. It stays as it is."),
    "arsverk": _l("It is kept, with its source."),
    "plan-archived": _l("The version is put away. It can still be read."),
    "reached": _l("The alarm is closed."),
    "emergency-ended": _l("Ended. It holds from now on."),
    "emergency-reviewed": _l("Saved. The nurse can read what you found."),
    "moved": _l("The family is handed over. You no longer have access to it."),
}
"""What a page says after a form was sent; the address carries only the word on the left."""

_MENU: dict[Role, tuple[tuple[str, Any], ...]] = {
    Role.NURSE: (
        ("web.start", _l("My families")),
        ("web.show_inbox", _l("Inbox")),
        ("web.register_family", _l("New family")),
        ("web.uptake", _l("Uptake")),
        ("web.show_calendars", _l("Working hours")),
        ("web.show_phones", _l("Phones")),
    ),
    Role.LEAD: (
        ("web.start", _l("My bydel")),
        ("web.overview", _l("Today")),
        ("web.show_outings", _l("Out now")),
        ("web.show_emergencies", _l("Emergency access")),
        ("web.register_family", _l("New family")),
        ("web.figures", _l("Figures and quality")),
        ("web.reports", _l("Reports")),
        ("web.show_calendars", _l("Working hours")),
        ("web.show_phones", _l("Phones")),
    ),
    Role.PLANNER: (
        ("web.figures", _l("Figures and quality")),
        ("web.plans", _l("Plans")),
        ("web.reports", _l("Reports")),
    ),
    Role.PRIVACY_OFFICER: (
        ("web.show_accesses", _l("Access log")),
        ("web.show_emergencies", _l("Emergency access")),
        ("web.show_exports", _l("Files taken home")),
    ),
}


_PART_OF: Final = {
    "web.show_calendar": "web.show_calendars",
    "web.change_hours": "web.show_calendars",
    "web.write_absence": "web.show_calendars",
    "web.strike_absence": "web.show_calendars",
    "web.show_feed": "web.show_calendars",
    "web.make_feed": "web.show_calendars",
    "web.show_week": "web.start",
    "web.show_day": "web.start",
    "web.show_where": "web.show_outings",
    "web.ask_in_emergency": "web.start",
    "web.review_this_emergency": "web.show_emergencies",
    "web.show_report": "web.reports",
    "web.show_plan": "web.plans",
    "web.new_plan": "web.plans",
    "web.new_version": "web.plans",
    "web.decide_plan": "web.plans",
    "web.archive_plan": "web.plans",
    "web.compare_plans": "web.plans",
    "web.show_assumptions": "web.plans",
    "web.show_assumption": "web.plans",
    "web.uptake": "web.figures",
    "web.variation": "web.figures",
    "web.figures_page": "web.figures",
    "web.figures_revisions": "web.figures",
}
"""Pages that are not in the menu themselves, and the entry under which a reader looks for them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as the header shows it."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of the main menu."""

    href: str
    words: str
    current: bool
    count: int = 0
    """How much waits there; 0 says nothing."""


def add_pages(app: Flask) -> None:
    """Give the app's templates what every page needs."""
    add_languages(app)
    slow_feeds_down(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        formats.FILTERS,
        words=words,
        language_name=language_name,
        near=formats.near,
        points=points,
        with_more=_with_more,
        age=formats.age,
    )
    app.jinja_env.globals.update(_words_for_templates())
    app.context_processor(_context)


def _words_for_templates() -> dict[str, Any]:
    """What templates may call. Rows hold codes as text; here they find their words."""
    return {
        "options": options,
        "words": words,
        "visit_name": visit_name,
        "reason_words": reason_words,
        "programmes": PROGRAMMES,
        "hidden": _hidden,
        "inbox_words": waiting_words,
        "basis_words": lambda code: words(Basis(code)),
        "source_words": lambda code: words(AddressSource(code)),
        "place_words": lambda code: words(Place(code)),
        "present_words": lambda code: words(Present(code)),
        "interpreter_words": lambda code: words(InterpreterCategory(code)),
        "theme_words": lambda code: words(Theme(code)) if code in set(Theme) else code,
        "ground_words": lambda code: words(Ground(code)),
        "action_words": lambda code: words(Action(code)),
        "object_words": object_words,
        "absence_words": absence_words,
        "doorway_words": doorway_words,
        "role_words": lambda code: words(Role(code)),
        "problem_title": problem_title,
        "problem_words": problem_words,
        "Basis": Basis,
        "Channel": Channel,
        "IdType": IdType,
        "InterpreterCategory": InterpreterCategory,
        "MemberRole": MemberRole,
        "NoteKind": NoteKind,
        "Place": Place,
        "Present": Present,
        "Protection": Protection,
        "TeamPart": TeamPart,
        "Theme": Theme,
        "VisitOutcome": Outcome,
    }


def _with_more(options: Iterable[Sequence[object]]) -> list[tuple[object, object, object]]:
    """Choices with a third part: what else is said of each, or None."""
    return [(value, said, more[0] if more else None) for value, said, *more in options]


def _hidden(text: str) -> Markup:
    """More words to a link for those who hear it out of its place: «Endre», hidden «Mor»."""
    return Markup(' <span class="nf-hidden">{}</span>').format(text)


def _context() -> dict[str, Any]:
    # The header has a form, and a form a token of the page session: a bearer's token has none.
    identity: AccountIdentity | None = g.get("identity") if g.get("doorway") == "web" else None
    return {
        "language": language(),
        "language_link": _language_link,
        "synthetic": not programme().settings.in_production,
        "reader": None if identity is None else _reader(identity),
        "role": None if identity is None else identity.actor.role,
        "navigation": [] if identity is None else _menu(identity.actor.role),
        "messages": _messages(),
    }


def _reader(identity: AccountIdentity) -> Reader:
    return Reader(identity.display_name, str(words(identity.actor.role)))


def _menu(role: Role) -> list[MenuEntry]:
    waiting = _waiting(role) if role is not Role.PLANNER else {}
    entries = {one for one, _said in _MENU[role]}
    here = request.endpoint
    if here not in entries:
        here = _PART_OF.get(here or "", here)
    return [
        MenuEntry(url_for(one), str(said), here == one, waiting.get(one, 0))
        for one, said in _MENU[role]
    ]


def _waiting(role: Role) -> dict[str, int]:
    """How much waits in a nurse's inbox, how many nurses are late, whom nobody has looked at.

    A menu is no reason for a page to fail.
    """
    try:
        with work() as current:
            if role is Role.PRIVACY_OFFICER:
                return {"web.show_emergencies": count_to_review(current)}
            if role is Role.LEAD:
                return {
                    "web.show_outings": count_overdue(current, grace()),
                    "web.show_emergencies": count_to_review(current),
                }
            return {"web.show_inbox": open_items(current)}
    except Exception as error:
        if not is_away(error):
            raise
        return {}


def _messages() -> list[tuple[str, str]]:
    done = DONE.get(request.args.get("done", ""))
    return [] if done is None else [("success", str(done))]


def _language_link(code: str) -> str:
    # A form that is being shown again after an error has no address of its own to come back to,
    # but the page that it was on has the same one.
    return url_for("web.choose_language", code=code, back=request.full_path.rstrip("?"))
