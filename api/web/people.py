"""A family as its pages name it: who is who, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from api.web.formats import age, day
from api.web.texts import _
from api.web.wording import words
from nyefamilier.families.states import LOSSES, MEMBER_ORDER, MemberRole, Outcome
from nyefamilier.families.views import Address, FamilyView, Member, Pregnancy


def adults(view: FamilyView) -> list[Member]:
    """The parents and guardians, the mother first."""
    found = [one for one in view.members if one.role is not MemberRole.CHILD]
    return sorted(found, key=lambda one: (MEMBER_ORDER[one.role], one.name or ""))


def children(view: FamilyView) -> list[Member]:
    """The children, stillborn ones too."""
    return [one for one in view.members if one.role is MemberRole.CHILD]


def everybody(view: FamilyView) -> list[Member]:
    """The adults and then the children."""
    return [*adults(view), *children(view)]


def living(members: Iterable[Member]) -> list[Member]:
    """Those who live."""
    return [one for one in members if one.died_on is None and not one.stillborn]


def title_of(view: FamilyView) -> str:
    """What the family is called on its own page: its adults' names, where they may be read."""
    names = [one.name for one in living(adults(view)) or adults(view) if one.name]
    if not names:
        return nameless(view.id)
    *first, last = names
    return _("%(names)s and %(last)s", names=", ".join(first), last=last) if first else last


def nameless(family_id: UUID) -> str:
    """What a family is called where nobody's name may stand: in titles, and on a lead's pages."""
    return _("Family %(short)s", short=short_id(family_id))


def short_id(family_id: UUID) -> str:
    """The end of the id: its beginning is a time, and families registered together share it."""
    return family_id.hex[-6:]


def initials(names: Sequence[str]) -> str:
    """Initials, for a list that somebody may see over a nurse's shoulder."""
    return " + ".join("".join(part[0] for part in name.split() if part) for name in names)


def name_of(member: Member) -> str:
    """A member's name, or who she is."""
    return member.name or str(words(member.role))


def about(member: Member, today: date) -> str:
    """What stands under a member's name: who she is, and how old a child is."""
    role = str(words(member.role))
    if member.name is None and member.born_on is not None and not member.stillborn:
        return age(member.born_on, today)
    if member.name is None and member.died_on is None and not member.stillborn:
        return ""  # she is called by her role already
    if member.stillborn:
        return str(words(Outcome.STILLBORN))
    if member.died_on is not None:
        return _("%(role)s, died %(day)s", role=role, day=day(member.died_on))
    if member.born_on is not None and member.role is MemberRole.CHILD:
        return f"{role}, {age(member.born_on, today)}"
    return role


def present_address(view: FamilyView) -> Address | None:
    """Where the family lives now."""
    return next((one for one in view.addresses if one.valid_to is None), None)


def present_pregnancy(view: FamilyView) -> Pregnancy | None:
    """The pregnancy that the family is in, or the latest one."""
    return view.pregnancies[-1] if view.pregnancies else None


def is_bereaved(view: FamilyView) -> bool:
    """Whether the latest pregnancy left no living child: then nothing cheerful is said."""
    latest = present_pregnancy(view)
    if latest is None:
        return False
    if latest.outcome in LOSSES:
        return True
    own = [one for one in children(view) if one.pregnancy_id == latest.id]
    return latest.outcome is Outcome.BORN and bool(own) and not living(own)
