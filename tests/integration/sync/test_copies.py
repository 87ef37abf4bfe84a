"""A lead sees which phones still have what they should not, and no more of a family than that."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import AssignNurse, CoverNurse, SetAddress
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, UnknownDevice
from nyefamilier.sync import revoking
from nyefamilier.sync.copies import copies_outstanding
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.tables import HoldingRow
from nyefamilier.sync.views import devices_in_bydel, devices_of_username, managed_device
from nyefamilier.wire.verdicts import DropReason
from tests.builders import lead, protected, send
from tests.holdings import hold
from tests.phones import Phone


def enrolled(city, actor):
    phone = Phone()
    with city.programme.work(actor, "test") as work:
        enrol(work, phone.enrolment)
    return phone


@pytest.fixture
def phone(city, home):
    """The phone of the family's nurse, with the family on it."""
    phone = enrolled(city, city.ours)
    hold(city.programme, phone.id, home.id)
    return phone


def outstanding(city, bydel="11"):
    with city.programme.work(lead(bydel), "test") as work:
        return copies_outstanding(work)


def give_away(city, home, nurse):
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), nurse.id))


def test_a_phone_of_the_familys_own_nurse_owes_nothing(city, phone):
    assert outstanding(city) == []


def test_a_phone_that_was_not_in_contact_since_owes_the_family_unasked(city, home, phone):
    give_away(city, home, city.colleague)
    (copy,) = outstanding(city)
    assert (copy.device_id, copy.family_id, copy.nurse_id) == (phone.id, home.id, city.ours.id)
    assert (copy.asked_at, copy.reason) == (None, None)


def test_since_when_it_was_asked_and_why_stands_there(city, home):
    phone = enrolled(city, city.ours)
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    (copy,) = outstanding(city)
    assert (copy.asked_at, copy.reason) == (city.clock.now, DropReason.NOT_HERS)


def test_what_is_confirmed_to_be_gone_is_not_outstanding(city, home, phone):
    give_away(city, home, city.colleague)
    with city.programme.work(city.ours, "test") as work:
        row = work.session.get(HoldingRow, (phone.id, home.id))
        row.gone_at, row.gone_how = work.now, "receipt"
    assert outstanding(city) == []


def test_a_cover_owes_it_from_the_day_on_which_it_ends(city, home):
    send(
        city.programme, city.ours, home.id,
        CoverNurse(uuid4(), city.colleague.id, city.clock.today),
    )  # fmt: skip
    phone = enrolled(city, city.colleague)
    hold(city.programme, phone.id, home.id)
    assert outstanding(city) == []
    city.clock.forward(days=2)
    assert [one.device_id for one in outstanding(city)] == [phone.id]


def test_a_stopped_phone_owes_all_that_is_on_it(city, home, phone):
    with city.programme.work(city.ours, "test") as work:
        revoking.lock(work, phone.id)
    assert [one.state for one in outstanding(city)] == ["locked"]


def test_a_protected_family_is_owed_and_not_named(city, home, phone):
    send(city.programme, city.ours, home.id, SetAddress(protected(city.clock.today)))
    (copy,) = outstanding(city)
    assert (copy.family_id, copy.reason, copy.device_id) == (None, None, phone.id)


def test_the_bydel_of_the_family_and_the_bydel_of_the_phone_see_it_and_no_other(city, home):
    phone = enrolled(city, city.theirs)
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    assert [one.family_id for one in outstanding(city, "11")] == [home.id]
    assert [(one.family_id, one.reason) for one in outstanding(city, "12")] == [(None, None)]
    assert outstanding(city, "06") == []


def test_the_lead_is_written_down_for_the_families_that_she_is_shown(city, home, phone):
    give_away(city, home, city.colleague)
    outstanding(city)
    with city.programme.work(city.ours, "test") as work:
        last = work.session.scalars(
            select(AccessRow).where(AccessRow.family_id == home.id).order_by(AccessRow.id.desc())
        ).first()
        assert (last.role, last.object, last.ground) == ("lead", "copies", "lead_of_bydel")


@pytest.mark.parametrize("view", [copies_outstanding, devices_in_bydel])
def test_only_a_lead_sees_the_phones_of_others(city, view):
    for actor in (city.ours, replace(lead(), role=Role.PLANNER, bydel=None)):
        with city.programme.work(actor, "test") as work, pytest.raises(NotAllowed):
            view(work)


def test_a_lead_sees_the_phones_of_her_own_bydel(city, phone):
    alnas = enrolled(city, city.theirs)
    for bydel, expected in (("11", phone.id), ("12", alnas.id)):
        with city.programme.work(lead(bydel), "test") as work:
            (shown,) = devices_in_bydel(work)
            assert shown.device_id == expected
            assert managed_device(work, expected).families == shown.families


def test_a_phone_of_another_bydel_is_not_hers_to_manage(city, phone):
    for actor in (lead("12"), city.colleague):
        for device in (phone.id, UUID(int=1)):
            with city.programme.work(actor, "test") as work, pytest.raises(UnknownDevice):
                managed_device(work, device)


def test_nobody_but_an_operator_lists_every_phone(city, phone):
    with city.programme.work(city.ours, "test") as work, pytest.raises(NotAllowed):
        devices_of_username(work, None)
