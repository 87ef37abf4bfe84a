"""Phones may forget what lies in a verified backup, and nothing that may be missing from it."""

from datetime import timedelta

import pytest

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.durability import MARGIN, mark_durable
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from tests.builders import NOON
from tests.phones import Phone

MINUTE = timedelta(minutes=1)


@pytest.fixture
def phone(city):
    """A phone that has delivered a mutation a minute, from noon on."""
    phone = Phone()
    with city.programme.work(city.ours, "test") as work:
        enrol(work, phone.enrolment)
        work.session.flush()
        work.session.get(DeviceRow, phone.id).last_seq = 5
        work.session.add_all(
            DeliveryRow(
                device_id=phone.id,
                seq=seq,
                mutation_id=phone.id,
                status="applied",
                answer={},
                digest=b"",
                received_at=NOON + (seq - 1) * MINUTE,
            )
            for seq in range(1, 6)
        )
    city.clock.forward(hours=1)
    return phone


def durable(city, phone, at):
    with city.programme.work(SYSTEM, "test") as work:
        count = mark_durable(work, at)
    with city.programme.work(SYSTEM, "test") as work:
        return count, work.session.get(DeviceRow, phone.id).durable_seq


@pytest.mark.parametrize(
    ("minutes", "seq"), [(-1, 0), (0, 0), (0.5, 1), (1, 1), (3.5, 4), (4, 4), (4.1, 5), (50, 5)]
)
def test_what_came_before_the_backup_is_durable(city, phone, minutes, seq):
    assert durable(city, phone, NOON + MARGIN + minutes * MINUTE)[1] == seq


def test_what_came_just_before_it_may_have_been_committed_after_it(city, phone):
    assert durable(city, phone, NOON + MINUTE)[1] == 0


def test_an_older_backup_does_not_take_back_what_a_newer_one_has_said(city, phone):
    assert durable(city, phone, NOON + 50 * MINUTE) == (1, 5)
    assert durable(city, phone, NOON + MARGIN + MINUTE) == (0, 5)


def test_a_backup_of_the_future_is_a_slip(city, phone):
    with pytest.raises(RuleBroken) as refused:
        durable(city, phone, city.clock.now + MINUTE)
    assert refused.value.code == "backup-in-future"
