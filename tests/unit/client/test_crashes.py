"""The phone stops at each durable step in turn: nothing is lost, and nothing left behind."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from nyefamilier.client import copies, outbox
from nyefamilier.client.steps import STEPS, Moment, Step
from tests.unit.client.conftest import World
from tests.unit.client.phones import FAMILY, Crash
from tests.unit.client.servers import LEASE, Family, once, problem, unpacked
from tests.unit.client.test_rounds import copy_is_the_servers

GONE = UUID(int=0x60)


class Day:
    """What happens on one day, with the phone started again whenever it stops."""

    def __init__(self, world) -> None:
        self.world = world
        self.kept: list[UUID] = []

    def attempt(self, act):
        try:
            return act()
        except Crash:
            self.start()
            return None

    def start(self) -> None:
        """The step that is named may be one of the start itself."""
        try:
            self.world.crash()
        except Crash:
            self.start()

    def note(self) -> None:
        saved = self.attempt(lambda: self.world.note("a note"))
        if saved is not None:
            self.kept.append(saved.id)

    def round(self, hours: float = 1) -> None:
        self.attempt(self.world.phone.round)
        self.world.time.passes(timedelta(hours=hours))

    def close(self) -> None:
        self.attempt(self.world.phone.close)
        self.start()

    @property
    def device(self):
        return list(self.world.server.devices.values())[-1]


def a_busy_day(day: Day) -> None:
    server = day.world.server
    server.families[GONE] = Family()
    server.families[GONE].write("member", UUID(int=7), {"name": "Per Prøve"})
    for turn in range(3):
        server.scope = {FAMILY, GONE} if turn == 1 else {FAMILY}
        day.note()
        day.round(hours=40)
        day.round()
        day.close()
        day.device.durable_seq = day.device.last_seq


def a_large_family(day: Day) -> None:
    for number in range(6):
        day.world.server.families[FAMILY].write("visit", UUID(int=100 + number), {})
    day.world.server.part_items = 2
    day.round()


def a_restored_server(day: Day) -> None:
    day.note()
    day.round()
    day.note()
    day.round()
    for seq in list(day.device.taken):
        day.world.server.known.pop(day.device.taken.pop(seq)[1].id, None)
    day.device.last_seq = 0
    family = day.world.server.families[FAMILY] = Family()
    family.write("member", UUID(int=1), {"name": "Kari Prøve"})


def a_clone(day: Day) -> None:
    day.note()
    day.device.taken[1] = (b"theirs", None)
    day.device.last_seq = max(day.device.last_seq, 1)


def a_damaged_store(day: Day) -> None:
    day.note()
    day.note()
    hook, day.world.store.hook = day.world.store.hook, lambda _: None
    with day.world.store.durable(Step.VERDICTS) as cx:
        cx.execute("DELETE FROM outbox WHERE seq = 1")
    day.world.store.hook = hook
    day.kept = day.kept[1:]


def a_poisoned_note(day: Day) -> None:
    def refuse(asked):
        is_push = asked.path.endswith("/push")
        return (
            problem(400, "malformed-mutation") if is_push and b"gift" in unpacked(asked) else None
        )

    day.world.server.always = refuse
    saved = day.attempt(lambda: day.world.note("gift"))
    if saved is not None:
        day.kept.append(saved.id)


def a_lapsed_lease(day: Day) -> None:
    day.round()
    day.world.time.passes(LEASE + timedelta(hours=1))
    day.note()


def a_new_share(day: Day) -> None:
    day.round()
    day.note()
    day.device.share = b"n" * 32
    day.world.time.passes(LEASE * 0.7)


def a_lock(day: Day) -> None:
    day.round()
    day.note()
    day.device.stopped = "lock"
    day.world.server.twists.append(once("/push", problem(403, "device-locked")))
    day.round()
    day.device.stopped = None


DAYS = (
    a_busy_day,
    a_large_family,
    a_restored_server,
    a_clone,
    a_damaged_store,
    a_poisoned_note,
    a_lapsed_lease,
    a_new_share,
    a_lock,
)


def steps_of(live, folder) -> set[str]:
    """The steps that a day passes through when nothing stops the phone."""
    folder.mkdir()
    world = World(folder)
    world.phone.enrol()
    day = Day(world)
    live(day)
    day.round()
    world.store.close()
    return {name.split(".")[0] for name in world.hook.seen}


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("live", DAYS)
def test_a_crash_at_any_step_loses_nothing_and_leaves_nothing_behind(world, live, moment, tmp_path):
    for step in sorted(steps_of(live, tmp_path / "dry")):
        day = Day(world)
        world.hook.crash_at = f"{step}.{moment}"
        live(day)
        for _ in range(3):
            day.round()
        world.hook.crash_at = None
        day.round()

        assert all(one in world.server.known for one in day.kept)
        assert outbox.unsent(world.store) == []
        assert copies.families(world.store) == [FAMILY]
        copy_is_the_servers(world)


@pytest.mark.parametrize(
    "name",
    [
        f"{step}.{moment}"
        for step in (Step.ERASING, Step.ESCROWED, Step.HANDED_OVER)
        for moment in Moment
    ],
)
def test_a_crash_while_wiping_hands_over_what_is_unsent_and_ends_with_no_file(world, name):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).stopped = "wipe"
    world.server.always = lambda asked: (
        problem(403, "device-wipe") if asked.path.endswith(("/push", "/pull")) else None
    )
    world.hook.crash_at = name
    with suppress(Crash):
        world.phone.round()
    if not world.store.is_erased:
        world.crash()
        world.time.passes(timedelta(hours=1))
        world.phone.round()

    assert b"usendt" in world.server.escrow[saved.id]
    assert list(world.folder.iterdir()) == []


def test_these_days_pass_through_every_step(world, tmp_path):
    seen = set[str]()
    for live in DAYS:
        seen |= steps_of(live, tmp_path / live.__name__)
    world.phone.round()
    world.server.twists.append(once("/pull", problem(403, "device-wipe")))
    world.phone.round()
    seen |= {name.split(".")[0] for name in world.hook.seen}

    assert {name.split(".")[0] for name in STEPS} == seen
