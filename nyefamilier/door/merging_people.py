"""How what several devices say of people, births and addresses is brought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from nyefamilier.door.births import Child, matched
from nyefamilier.door.merged import Contested, Merged, Standing, Waits, plain
from nyefamilier.door.mutations import Operation
from nyefamilier.door.touching import CONTACT_GROUPS, groups_of
from nyefamilier.families import store
from nyefamilier.families.bodies import AddressBody, MemberBody
from nyefamilier.families.intents import (
    CorrectBirth,
    CorrectTerm,
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.states import LOSSES, Outcome, Protection
from nyefamilier.families.tables import AddressRow, MemberRow, PregnancyRow


def update_member(standing: Standing, change: UpdateMember) -> Merged:
    """One value for each group of fields; only those that nobody else changed are written."""
    dossier = standing.dossier
    row = dossier.record(MemberRow, change.member_id)
    known = dossier.read(row, MemberBody)
    safe: list[str] = []
    contested: list[Contested] = []
    for group in groups_of(change):
        fields = _told(change, group)
        current, proposed = _values(known, fields), _values(change, fields)
        touch = ("member", change.member_id, group)
        if current == proposed:
            continue
        if standing.changed(touch):
            narrowed = replace(change, only=tuple(fields))
            contested.append(Contested(touch, "changed-since", narrowed, current, proposed))
        else:
            safe += fields
    do = (replace(change, only=tuple(sorted(safe))),) if safe else ()
    return Merged(do, tuple(contested))


def record_death(standing: Standing, death: RecordDeath) -> Merged:
    """A death wins over whatever was planned; two days of one death are contested."""
    row = standing.dossier.record(MemberRow, death.member_id)
    touch = ("member", death.member_id, "death")
    if row.died_on == death.on:
        return Merged()
    if row.died_on is not None and standing.changed(touch):
        current, proposed = plain(on=row.died_on), plain(on=death.on)
        return Merged((), (Contested(touch, "changed-since", death, current, proposed),))
    return Merged((death,))


def record_loss(standing: Standing, loss: RecordLoss) -> Merged:
    """A loss wins over whatever was planned; against another end it is contested."""
    row = standing.dossier.record(PregnancyRow, loss.pregnancy_id)
    if row.outcome == Outcome.EXPECTED:
        return Merged((loss,))
    current = plain(outcome=row.outcome, on=row.ended_on)
    proposed = plain(outcome=loss.outcome, on=loss.on)
    if current == proposed:
        return Merged()
    touch = ("pregnancy", loss.pregnancy_id, "outcome")
    return Merged((), (Contested(touch, "pregnancy-ended", loss, current, proposed),))


def record_birth(standing: Standing, birth: RecordBirth) -> Merged:
    """The same birth told twice is recognised; twins are never taken for each other."""
    dossier = standing.dossier
    row = dossier.record(PregnancyRow, birth.pregnancy_id)
    if row.outcome == Outcome.EXPECTED:
        return Merged((birth,))
    here = store.children_of(dossier.work.session, row.id)
    names = {one.id: dossier.read(one, MemberBody) for one in here}
    known = [
        Child(one.id, names[one.id].name, names[one.id].national_id, one.stillborn) for one in here
    ]
    pairs = matched(known, [_child(one) for one in birth.children])
    if row.ended_on == birth.born_on and row.outcome not in LOSSES and pairs is not None:
        return _same_birth(row, birth, pairs)
    current = plain(
        outcome=row.outcome, born_on=row.ended_on, children=[_shown(one) for one in known]
    )
    proposed = plain(
        born_on=birth.born_on, children=[_shown(_child(one)) for one in birth.children]
    )
    touch = ("pregnancy", row.id, "outcome")
    return Merged((), (Contested(touch, "pregnancy-ended", birth, current, proposed),))


def record_homecoming(standing: Standing, home: RecordHomecoming) -> Merged:
    """One value. Before the birth is here, it waits for it."""
    row = standing.dossier.record(PregnancyRow, home.pregnancy_id)
    touch = ("pregnancy", home.pregnancy_id, "homecoming")
    if row.outcome == Outcome.EXPECTED:
        raise Waits(row.id, "waits-for-birth", "/pregnancy_id")
    if row.homecoming_on == home.homecoming_on:
        return Merged()
    if standing.changed(touch):
        current = plain(homecoming_on=row.homecoming_on)
        proposed = plain(homecoming_on=home.homecoming_on)
        return Merged((), (Contested(touch, "changed-since", home, current, proposed),))
    return Merged((home,))


def correct_term(standing: Standing, correction: CorrectTerm) -> Merged:
    """One value. Of a pregnancy that was lost nothing is corrected; that is refused."""
    row = standing.dossier.record(PregnancyRow, correction.pregnancy_id)
    touch = ("pregnancy", correction.pregnancy_id, "term")
    if row.term == correction.term:
        return Merged()
    if row.outcome not in LOSSES and standing.changed(touch):
        current, proposed = plain(term=row.term), plain(term=correction.term)
        return Merged((), (Contested(touch, "changed-since", correction, current, proposed),))
    return Merged((correction,))


def correct_birth(standing: Standing, correction: CorrectBirth) -> Merged:
    """One value with the day that the birth was told with; before the birth is here, it waits."""
    row = standing.dossier.record(PregnancyRow, correction.pregnancy_id)
    if row.outcome == Outcome.EXPECTED:
        raise Waits(row.id, "waits-for-birth", "/pregnancy_id")
    if row.outcome in LOSSES:
        return Merged((correction,))
    if row.ended_on == correction.born_on:
        return Merged()
    touch = ("pregnancy", correction.pregnancy_id, "birth")
    # Whoever else told the birth may have told another day than the one that is mended here.
    if standing.changed(touch) or standing.changed(("pregnancy", row.id, "outcome")):
        current, proposed = plain(born_on=row.ended_on), plain(born_on=correction.born_on)
        return Merged((), (Contested(touch, "changed-since", correction, current, proposed),))
    return Merged((correction,))


def set_address(standing: Standing, intent: SetAddress) -> Merged:
    """One value, whatever of it changed. Protection is never held back, nor lifted by accident."""
    dossier = standing.dossier
    touch = ("family", dossier.family.id, "address")
    present = store.present_address(dossier.work.session, dossier.id)
    if present is None:
        return Merged((intent,))
    current, proposed = _address_here(present, dossier.read(present, AddressBody)), _place(intent)
    if current == proposed:
        return Merged()
    protects = intent.address.protection is not Protection.NONE
    if protects or not standing.changed(touch):
        return Merged((intent,))
    protected = present.protection != Protection.NONE
    reason = "address-protected" if protected else "changed-since"
    return Merged((), (Contested(touch, reason, intent, current, proposed),))


def _told(change: UpdateMember, group: str) -> list[str]:
    fields = CONTACT_GROUPS[group]
    return [one for one in fields if change.only is None or one in change.only]


def _values(of: MemberBody | UpdateMember, fields: Sequence[str]) -> dict[str, Any]:
    found = plain(**{name: getattr(of, name) for name in fields})
    if found.get("national_id"):
        found["national_id"] = found["national_id"].replace(" ", "").replace("-", "")
    return found


def _same_birth(
    row: PregnancyRow, birth: RecordBirth, pairs: Sequence[tuple[Child, Child]]
) -> Merged:
    """Nothing is done but what the second telling adds: a name, a number, the homecoming."""
    do: list[Operation] = [
        UpdateMember(here.id, 0, **{"name": "", **added}, only=tuple(added))
        for here, also in pairs
        if (added := _added(here, also))
    ]
    same = tuple(("member", also.id, here.id) for here, also in pairs if also.id != here.id)
    contested: tuple[Contested, ...] = ()
    home = birth.homecoming_on
    if home is not None and row.homecoming_on is None:
        do.append(RecordHomecoming(row.id, home))
    elif home not in {None, row.homecoming_on}:
        contested = (_two_homecomings(row, birth),)
    return Merged(tuple(do), contested, "birth-known", same)


def _two_homecomings(row: PregnancyRow, birth: RecordBirth) -> Contested:
    current = plain(homecoming_on=row.homecoming_on)
    proposed = plain(homecoming_on=birth.homecoming_on)
    operation = RecordHomecoming(row.id, cast("date", birth.homecoming_on))
    touch = ("pregnancy", row.id, "homecoming")
    return Contested(touch, "changed-since", operation, current, proposed)


def _added(here: Child, also: Child) -> dict[str, Any]:
    found = {}
    if also.name and not here.name:
        found["name"] = also.name
    if also.national_id and not here.national_id:
        found["national_id"] = also.national_id
    return found


def _child(told: NewChild) -> Child:
    return Child(told.member_id, told.name or "", told.national_id, told.stillborn)


def _shown(child: Child) -> dict[str, Any]:
    return plain(
        id=child.id, name=child.name, national_id=child.national_id, stillborn=child.stillborn
    )


def _address_here(row: AddressRow, body: AddressBody) -> dict[str, Any]:
    return plain(
        delbydel=row.delbydel,
        lines=body.lines,
        postal_code=body.postal_code,
        directions=body.directions,
        protection=row.protection,
    )


def _place(intent: SetAddress) -> dict[str, Any]:
    address = intent.address
    return plain(
        delbydel=address.delbydel,
        lines=address.lines or "",
        postal_code=address.postal_code,
        directions=address.directions,
        protection=address.protection,
    )
