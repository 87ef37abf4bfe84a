"""Runs a script in a world of its own, lets the world become quiet, and checks every property."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

import structlog

from nyefamilier.client import outbox
from nyefamilier.sync import snapshots
from nyefamilier.wire import limits
from tests.databases import Databases, databases
from tests.faults.devices import do_the_jobs
from tests.faults.evidence import Evidence, Violation
from tests.faults.gathering import gather, note_notes
from tests.faults.happenings import happen
from tests.faults.history import History
from tests.faults.machine import Machine
from tests.faults.mutants import NEEDS, SCENES, mutated
from tests.faults.phone_checks import ROUNDS_TO_DRAIN
from tests.faults.properties import violations
from tests.faults.randomness import repeatable_ids
from tests.faults.script import Step, script_of
from tests.faults.server_mutants import WITHOUT
from tests.faults.shrinking import shrink
from tests.faults.swapping import swap
from tests.faults.town import DATABASE, build_town
from tests.faults.world import Place, World

LENGTH: Final = 500
"""Steps of a world."""
PART_BYTES: Final = 3_000
MOST_TURNS: Final = ROUNDS_TO_DRAIN + 3
"""After the outboxes are empty, until each phone has heard of what the others sent."""
_SHM: Final = Path("/dev/shm")  # noqa: S108 - where there is one, a phone's disk is memory


@dataclass
class Outcome:
    """What came of one world."""

    seed: int
    script: list[Step]
    found: list[Violation]
    history: History
    mutations: int = 0
    deliveries: int = 0
    requests: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)

    @property
    def names(self) -> set[str]:
        """The properties that were violated."""
        return {one.property for one in self.found}


@contextmanager
def a_place(session: str) -> Generator[Place]:
    """Somewhere to make worlds, on the tests' PostgreSQL."""
    with databases(session) as here, a_place_on(here) as place:
        yield place


@contextmanager
def a_place_on(here: Databases) -> Generator[Place]:
    """Somewhere to make worlds on a server that the tests have running."""
    folder = _SHM if _SHM.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="faults-", dir=folder) as made:
        with _quiet():  # and not for longer: other tests listen to what is logged
            here.drop(DATABASE)
            town = build_town(here, Path(made))
            machine = Machine(here, town)
        try:
            yield Place(machine, town, Path(made))
        finally:
            machine.close()
            here.drop(DATABASE)


def run_seed(place: Place, seed: int, *, length: int = LENGTH, mutant: str = "") -> Outcome:
    """What comes of the world of *seed*."""
    script = script_of(seed, length, NEEDS.get(mutant, ()), SCENES.get(mutant, ()))
    return run_script(place, seed, script, mutant=mutant)


def run_script(place: Place, seed: int, script: Sequence[Step], *, mutant: str = "") -> Outcome:
    """What comes of the world of *seed* when *script* happens in it."""
    crashes: list[str] = []
    without = place.machine.without(WITHOUT.get(mutant))
    with repeatable_ids(f"world {seed}"), small_parts(), without, mutated(mutant), _quiet(crashes):
        world = World(place, f"w{seed % 1_000_000}{mutant.replace('_', '')[:20]}")
        try:
            return _run(world, seed, script, crashes)
        finally:
            world.close()
            shutil.rmtree(world.folder, ignore_errors=True)


def shrunk(place: Place, outcome: Outcome, *, most: int = 60, mutant: str = "") -> Outcome:
    """A shorter script of the same world that violates one of the same properties."""
    wanted, best = outcome.names, [outcome]

    def still_fails(script: Sequence[Step]) -> bool:
        again = run_script(place, outcome.seed, script, mutant=mutant)
        if again.names & wanted:
            best.append(again)
            return True
        return False

    shrink(outcome.script, still_fails, most)
    return best[-1]


def _run(world: World, seed: int, script: Sequence[Step], crashes: list[str]) -> Outcome:
    _begin(world)
    happen(world, script)
    world.calm_down()
    drain(world)
    seen = gather(world)
    found = [*violations(seen), *_defects(world, crashes)]
    return _outcome(world, seed, list(script), seen, found)


def _begin(world: World) -> None:
    """Every phone is enrolled and has its families; then the server is backed up."""
    for _ in range(2):
        for phone in world.phones:
            phone.start_round()
        world.let_all_finish()
    note_notes(world)
    world.server.back_up()
    world.moments.clear()


def drain(world: World) -> None:
    """With all faults off: rounds until the outboxes are empty, and until everybody agrees.

    That is when a whole turn of the phones has brought nobody anything.
    """
    world.sign_in_again()
    for phone in world.phones:
        phone.restart()  # a phone is switched off now and then
    rounds = {phone.name: 0 for phone in world.phones}
    for number in range(MOST_TURNS):
        before = world.sum(), world.watcher.scope()
        for phone in world.phones:
            if _has_unsent(phone):
                rounds[phone.name] = number + 1
            phone.look_at_all()
            phone.start_round()
            world.let_all_finish()
        world.clock.forward(1_000)
        world.scheduler.finish(world.server.act("jobs", do_the_jobs))
        if number and (world.sum(), world.watcher.scope()) == before:
            break  # nor has a cover ended meanwhile, of which the phones have not heard yet
    for phone in world.phones:
        if not phone.stopped:
            world.history.tell("drained", phone=phone.name, rounds=rounds[phone.name])
    note_notes(world)


def _has_unsent(phone: object) -> bool:
    client = getattr(phone, "client", None)
    if client is None or getattr(phone, "erased", False):
        return False
    return bool(outbox.unsent(client.store, most=1))


def _defects(world: World, crashes: list[str]) -> list[Violation]:
    """What was answered with a 500, and whatever a task raised that nobody caught."""
    return [Violation("defect", one) for one in (*crashes, *world.defects())]


def _outcome(
    world: World, seed: int, script: list[Step], seen: Evidence, found: list[Violation]
) -> Outcome:
    return Outcome(
        seed,
        script,
        found,
        world.history,
        mutations=len(seen.saved),
        deliveries=len(seen.delivered),
        requests=world.watcher.requests,
        verdicts=Counter(one.status for one in seen.delivered),
        reasons=Counter(f"{one.status} {one.reason or ''}".strip() for one in seen.delivered),
        moments=world.moments,
    )


@contextmanager
def small_parts() -> Generator[None]:
    """Let a page of a pull be as small beside a town's families as it is beside a city's."""
    with ExitStack() as stack:
        for owner in (limits, snapshots):
            swap(stack, owner, "PART_BYTES", PART_BYTES)
        yield


@contextmanager
def _quiet(crashes: list[str] | None = None) -> Generator[None]:
    """Without a line of log for each request; *crashes* hears of what was answered with a 500."""
    before = structlog.get_config()

    def hear(_logger: object, _method: str, told: MutableMapping[str, Any]) -> NoReturn:
        if crashes is not None and told.get("event") == "crash":
            crashes.append(f"{told['route']} {told['error']} {' '.join(told['frames'][-6:])}")
        raise structlog.DropEvent

    structlog.configure(
        processors=[hear],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)
