"""How complete figures are, and that they are released all or none."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.sync import devices
from nyefamilier.sync.publishing import behind
from nyefamilier.uptake import releasing, service
from nyefamilier.uptake.sheets import AREA, Behind
from scheduler.jobs import release_figures
from tests.cities import settle
from tests.phones import Phone
from tests.releasing import release_now

STOVNER, ALNA, SAGENE = BydelNumber("11"), BydelNumber("12"), BydelNumber("03")


def enrolled(city, actor):
    with city.programme.work(actor) as work:
        devices.enrol(work, Phone().enrolment)


def told(city):
    with city.programme.work(SYSTEM, "test") as work:
        return {one.bydel: one for one in behind(work)}


def test_phones_that_have_not_synced_since_the_day_before_are_counted_by_bydel(city):
    enrolled(city, city.ours)
    city.clock.forward(days=3)
    enrolled(city, city.colleague)
    enrolled(city, city.theirs)
    found = told(city)
    assert found[STOVNER] == Behind(STOVNER, 2, 1, 3)
    assert found[ALNA] == Behind(ALNA, 1, 0, 0)
    assert found[SAGENE] == Behind(SAGENE, 0, 0, 0)
    assert found[None] == Behind(None, 3, 1, 3)


def test_a_release_says_how_complete_it_was(city):
    enrolled(city, city.ours)
    release_now(city.programme)
    with city.programme.work(SYSTEM, "test") as work:
        sheet = service.sheet(work, "uptake", work.today.year)
    assert sheet.behind[-1] == Behind(None, 1, 0, 0)


def read(city):
    with city.programme.work(SYSTEM, "test") as work:
        return service.sheet(work, "uptake", work.today.year)


def test_a_release_that_dies_halfway_has_released_nothing_and_the_next_does_it(
    real_city, monkeypatch
):
    for _ in range(6):
        settle(real_city)
    release_figures(real_city.programme)
    before = read(real_city)
    for _ in range(6):
        settle(real_city)
    real_city.clock.forward(days=7)
    with monkeypatch.context() as patched:
        patched.setattr(releasing.archive, "write_day", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            release_figures(real_city.programme)
    assert read(real_city) == before
    assert release_figures(real_city.programme) > 0
    after = read(real_city)
    assert (before.lines[AREA]["eligible"].value, after.lines[AREA]["eligible"].value) == (6, 12)
    assert release_figures(real_city.programme) == 0


def test_a_second_release_waits_for_the_first_and_counts_after_it(real_city):
    with real_city.programme.work(SYSTEM, "test") as first:
        service.begin_release(first)
        impatient = real_city.programme.beginning_with(
            lambda connection: connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
        )
        with pytest.raises(OperationalError, match="lock timeout"):
            release_now(impatient)


def test_figures_are_read_while_they_are_being_released(real_city):
    release_figures(real_city.programme)
    with real_city.programme.work(SYSTEM, "test") as work:
        service.begin_release(work)
        assert read(real_city).released == work.today
