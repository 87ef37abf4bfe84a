"""What the ids in an item of the inbox name: people, visits, needs, notes, delbydeler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from api.web.formats import day, inner, stamp
from api.web.people import name_of
from api.web.places import delbydel_name
from api.web.telling import Names, ids_in
from api.web.visit_names import visit_name
from nyefamilier.accounts.service import display_names
from nyefamilier.door.reviews import Review, Writing
from nyefamilier.families.views import FamilyView
from nyefamilier.journal.views import notes
from nyefamilier.kernel.ids import UserId
from nyefamilier.needs.views import needs
from nyefamilier.storage.work import Work
from nyefamilier.visits.views import Visit, visits


def names_for(work: Work, item: Review, view: FamilyView, wrote: Writing | None) -> Names:
    """What every id and code in an item names, as far as its family has it.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    told = {*ids_in([item.current, item.proposed, *item.operations])}
    if item.record_id is not None:
        told.add(str(item.record_id))
    who = {item.sent_by, item.decided_by, None if wrote is None else wrote.actor_id}
    people = {str(one.id): name_of(one) for one in view.members}
    return (
        _areas(work, item)
        | _accounts(work, {*told, *map(str, who - {None})})
        | people
        | _records(work, view, item)
    )


def _areas(work: Work, item: Review) -> dict[str, str]:
    codes = set(_delbydeler([item.current, item.proposed, *item.operations]))
    return {code: delbydel_name(work, code) for code in codes}


def _delbydeler(told: Iterable[object]) -> Iterator[str]:
    for one in told:
        match one:
            case dict():
                if isinstance(code := one.get("delbydel"), str):
                    yield code
                yield from _delbydeler(one.values())
            case list():
                yield from _delbydeler(one)


def _accounts(work: Work, told: Iterable[str]) -> dict[str, str]:
    ids = [UserId(found) for one in told if (found := _uuid(one)) is not None]
    return {str(id_): name for id_, name in display_names(work.session, ids).items()}


def _records(work: Work, view: FamilyView, item: Review) -> dict[str, str]:
    """What lies in the family that the item speaks of; only what it speaks of is opened."""
    names = {one for told in item.operations for one in told} | {f"{item.record_kind}_id"}
    found: dict[str, str] = {}
    if not names.isdisjoint({"visit_id"}):
        found |= {str(one.id): _visit(one) for one in visits(work, view.id)}
    if not names.isdisjoint({"need_id"}):
        found |= {str(one.id): f"«{one.words or ''}»" for one in needs(work, view.id)}
    if not names.isdisjoint({"corrects", "note_id"}):
        found |= {str(one.id): one.text or "" for one in notes(work, view.id)}
    return found


def _visit(visit: Visit) -> str:
    when = visit.at or visit.ideal
    name = visit_name(visit.kind)
    if when is None:
        return name
    return f"{name}, {inner(stamp(visit.at)) if visit.at else day(when)}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
