"""What each kind of step does to a world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from nyefamilier.bootstrap import Programme
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.families.intents import AssignNurse, CoverNurse, MoveFamily, SetAddress
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Refusal
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.storage.engine import unavailable_from
from tests.builders import TEISEN, VESTLI, address, protected
from tests.faults import devices
from tests.faults.network import Packet
from tests.faults.phones import CRASH_POINTS, Phone
from tests.faults.script import Kind, Step
from tests.faults.statements import terminate
from tests.faults.world import AWAY_STEPS, World

T = TypeVar("T")

A_DAY: Final = 120
"""The most that a nurse writes before her phone has a network again."""

MOST_PHONES: Final = 9
LONG: Final = 3_000
"""More pauses than a push has before its commit."""

MOST_TURNS: Final = 4_000
"""Of all tasks together in a rush: more than their rounds take."""

Happening = Callable[[World, Step], None]


def happen(world: World, script: Sequence[Step]) -> None:
    """Let everything happen that *script* says."""
    for number, step in enumerate(script, 1):
        world.begin(number)
        HAPPENINGS[step.kind](world, step)


def _pick(found: Sequence[T], step: Step) -> T | None:
    return found[step.which % len(found)] if found else None


def _go_on(world: World, step: Step) -> None:
    task = _pick(world.scheduler.runnable(), step)
    if task is None:
        _deliver(world, step)
    else:
        world.scheduler.resume(task, _turns(step.how % 100))


def _turns(how: int) -> int:
    """Few, so that tasks meet between two statements; or many, so that a day's work gets done."""
    if how < 25:
        return 1 + how % 4
    return 2 * how if how < 60 else 12 * how


def _deliver(world: World, step: Step) -> None:
    packet = _pick(world.network.flying, step)
    if packet is None:
        _round(world, step)
    else:
        world.network.deliver(packet)


def _save(world: World, step: Step) -> None:
    """A nurse writes up what she did, visit by visit, without a network."""
    phone = _pick([one for one in world.phones if not one.stopped], step)
    if phone is None or step.how % 11 == 0:
        phone = world.phones[step.which % len(world.phones)]
    phone.writing.write(world.chance(step), 1 + step.how % A_DAY)


def _poison(world: World, step: Step) -> None:
    phone = world.phones[step.which % len(world.phones)]
    if phone.writing.write(world.chance(step), poison=True):
        world.history.fault("poison", phone=phone.name)


def _rush(world: World, step: Step) -> None:
    """All write about the same few records, and come to the server at the same moment."""
    chance, family = world.chance(step), _family(world, step)
    for phone in world.phones:
        if not phone.stopped:
            phone.writing.write(chance, 2 + chance.randrange(9), rush=family)
        phone.start_round()
    world.history.fault(Kind.RUSH, family=str(family))
    for _ in range(MOST_TURNS):
        going = world.scheduler.runnable()
        if going:
            free = [task for task in going if not task.where.startswith("lock ")]
            # Whoever waits for a lock looks now and then whether it is free.
            chosen = chance.choice(free if free and chance.random() < 0.95 else going)
            world.scheduler.resume(chosen, 1 + chance.randrange(6))
        elif world.network.flying:
            for packet in list(world.network.flying):
                world.network.deliver(packet)
        else:
            return


def _round(world: World, step: Step) -> None:
    """A phone begins a round; or all do, as on a Monday morning."""
    chosen = world.phones[step.which % len(world.phones)]
    for phone in world.phones if step.how % 4 == 0 else [chosen]:
        phone.start_round()


def _time(world: World, step: Step) -> None:
    hours = (0.05, 0.5, 3, 11, 80)[step.which % 5]
    world.clock.forward(hours * 3600)
    world.history.tell("time", hours=hours)
    if step.how % 2:
        world.server.back_up()
        world.history.tell("backup")
    world.server.act("jobs", devices.do_the_jobs)


def _with_packet(kind: Kind, change: Callable[[World, Packet, Step], None]) -> Happening:
    def happening(world: World, step: Step) -> None:
        # What is lost on its way back is the worse: the server has done it, and nobody heard.
        answers = [one for one in world.network.flying if not one.is_request]
        packet = _pick(answers if answers and step.how % 2 else world.network.flying, step)
        if packet is not None:
            change(world, packet, step)
            world.history.fault(kind, request=packet.is_request)

    return happening


def _twins(world: World, packet: Packet, _step: Step) -> None:
    world.network.double(packet)
    twin = world.network.flying[-1]
    world.network.deliver(packet)
    world.network.deliver(twin)


def _timeout(world: World, step: Step) -> None:
    exchange = _pick(world.network.waiting, step)
    if exchange is not None:
        world.network.give_up(exchange)
        world.history.fault(Kind.TIMEOUT, phone=exchange.sender)


def _crash_phone(world: World, step: Step) -> None:
    phone = world.phones[step.which % len(world.phones)]
    phone.crash_at(CRASH_POINTS[step.how % len(CRASH_POINTS)])


def _kill_request(world: World, step: Step) -> None:
    task = _pick(world.server.busy, step)
    if task is not None:
        world.history.fault(Kind.KILL_REQUEST, where=task.where)
        world.kill(task)


def _kill_after_commit(world: World, step: Step) -> None:
    """Let a request go on to the moment after a commit, and kill it there."""
    task = _pick([task for task in world.server.busy if task.ready()], step)
    if task is None:
        return
    for _ in range(LONG):
        world.scheduler.resume(task)
        if task.done:
            return
        if task.where == "after commit":
            world.history.fault(Kind.KILL_AFTER_COMMIT, task=task.name)
            world.kill(task)
            return


def _kill_before_commit(world: World, _step: Step) -> None:
    """Let the next push die when it is about to commit."""
    world.doomed = True


def _terminate(world: World, step: Step) -> None:
    task = _pick(world.server.busy, step)
    if task is not None and terminate(world.server.admin, task):
        world.history.fault(Kind.TERMINATE, where=task.where)


def _restart(world: World, _step: Step) -> None:
    world.history.fault(Kind.RESTART, requests=len(world.server.busy))
    world.crash()


def _keys_away(world: World, _step: Step) -> None:
    world.server.lose_keys()
    world.keys_back_at = world.history.step + AWAY_STEPS
    world.history.fault(Kind.KEYS_AWAY)


def _clock_jump(world: World, step: Step) -> None:
    """Somebody sets a phone's clock wrong, or a network sets it right again."""
    phone = world.phones[step.which % len(world.phones)]
    wrong = timedelta(days=(365, -365, 1, -1, 30)[step.how % 5])
    phone.clock.jump(-phone.clock.off if phone.clock.off else wrong)
    world.history.fault(Kind.CLOCK_JUMP, phone=phone.name, days=phone.clock.off.days)


def _reboot(world: World, step: Step) -> None:
    phone = world.phones[step.which % len(world.phones)]
    phone.restart(reboot=True)
    world.history.fault(Kind.REBOOT, phone=phone.name)


def _family(world: World, step: Step) -> FamilyId:
    families = world.place.town.families
    return FamilyId(families[step.which % len(families)])


def _send(world: World, step: Step, kind: Kind, *operations: Operation) -> None:
    """The organisation does something about a family, beside all that is under way."""
    family = _family(world, step)
    mutation = Mutation(MutationId(_new(world, step)), family, operations)

    def do(programme: Programme) -> None:
        try:
            with programme.work(SYSTEM, "job") as work:
                apply(work, mutation)
        except (Refusal, DBAPIError) as error:
            refusal = unavailable_from(error) or error
            if not isinstance(refusal, Refusal):
                raise
            world.history.tell("organisation-refused", kind=kind, code=refusal.code)
        else:
            world.history.fault(kind, family=str(family))

    task = world.server.act(f"{kind} {family}", do)
    if step.how % 2:
        world.scheduler.finish(task)


def _new(world: World, step: Step) -> UUID:
    world.marks += 1
    return UUID(int=world.chance(step).getrandbits(127) ^ world.marks, version=4)


def _assign(world: World, step: Step) -> None:
    nurse = world.nurses[step.how % len(world.nurses)]
    _send(world, step, Kind.ASSIGN, AssignNurse(_new(world, step), nurse))


def _move(world: World, step: Step) -> None:
    delbydel, nurse = ((TEISEN, 2), (VESTLI, 0), (VESTLI, 1))[step.how % 3]
    new = address(delbydel, world.clock.now.date())
    move = MoveFamily(
        _new(world, step), new, world.nurses[nurse], _new(world, step), "Tar over nå."
    )
    _send(world, step, Kind.MOVE, move)


def _cover(world: World, step: Step) -> None:
    nurse = world.nurses[step.how % len(world.nurses)]
    until = world.clock.now.date() + timedelta(days=step.how % 2)
    _send(world, step, Kind.COVER, CoverNurse(_new(world, step), nurse, until))


def _cover_ends(world: World, _step: Step) -> None:
    """Time passes until most covers are over, and not every lease."""
    world.clock.forward(26 * 3600)
    world.history.fault(Kind.COVER_ENDS)


def _protect(world: World, step: Step) -> None:
    """An address is protected, or is not any more."""
    today = world.clock.now.date()
    new = protected(today) if step.how % 3 else address(VESTLI, today)
    _send(world, step, Kind.PROTECT, SetAddress(new))


def _stop_device(kind: Kind, stop: Callable[[Programme, UUID], None]) -> Happening:
    def happening(world: World, step: Step) -> None:
        # Most phones that were locked are found again soon: what they do after that is the test.
        found = [one for one in world.phones if one.stopped and not one.erased]
        chosen = found if step.how % 3 else world.phones
        phone = (chosen or world.phones)[step.which % len(chosen or world.phones)]
        device = phone.device
        if device is None or phone.erased:
            return
        if phone.stopped:
            _unlock(world, phone, device)
            return
        phone.writing.write(world.chance(step), 1 + step.how % A_DAY)
        phone.stopped = True
        task = world.server.act(f"{kind} {phone.name}", lambda programme: stop(programme, device))
        world.scheduler.finish(task)
        world.history.fault(kind, phone=phone.name)
        # Her sign-ins ended with it. She signs in again, gets another phone, and may find the old.
        world.sign_in_again()
        # Who has it knows nothing yet: what was written on it is pushed by a phone that is stopped.
        phone.start_round()
        if len(world.phones) < MOST_PHONES:
            world.add_phone(world.place.town.nurses.index(phone.nurse))

    return happening


def _unlock(world: World, phone: Phone, device: UUID) -> None:
    """She has found it again; one that is to be wiped stays so."""
    task = world.server.act(
        f"unlock {phone.name}", lambda programme: devices.unlock(programme, device)
    )
    world.scheduler.finish(task)
    state = _state_of(world, device)
    phone.stopped = state != ("active",)
    world.history.tell("unlocked", phone=phone.name, state=state)


def _state_of(world: World, device: UUID) -> tuple[str, ...] | None:
    """How the device stands with the server; None where the server does not know it."""
    query = "SELECT state FROM device WHERE id = %s"
    return world.server.admin.execute(query, (device,)).fetchone()


def _damage(world: World, step: Step) -> None:
    phone = world.phones[step.which % len(world.phones)]
    if phone.damage(world.chance(step)):
        world.history.fault(Kind.DAMAGE, phone=phone.name)


def _restore(kind: Kind) -> Happening:
    def happening(world: World, step: Step) -> None:
        world.crash()
        world.server.restore()
        for phone in world.phones:
            if phone.device is not None and not phone.erased:
                # One that was unlocked since the backup is locked again, and the other way round.
                phone.stopped = _state_of(world, phone.device) not in {None, ("active",)}
        world.history.tell("restored")
        world.history.tell("excuse", phone=None)
        world.history.fault(kind)
        if kind is Kind.RESTORE_TOLD:
            task = world.server.act("new epoch", devices.tell_restored)
            world.scheduler.finish(task)

    return happening


def _clone(world: World, step: Step) -> None:
    phone = world.phones[step.which % len(world.phones)]
    if len(world.phones) >= MOST_PHONES or phone.device is None or phone.busy:
        return
    world.history.tell("excuse", phone=phone.name)
    twin = world.add_phone(world.place.town.nurses.index(phone.nurse), phone)
    world.history.tell("excuse", phone=twin.name)
    world.history.fault(Kind.CLONE, phone=phone.name)


HAPPENINGS: Final[dict[Kind, Happening]] = {
    Kind.TASK: _go_on,
    Kind.DELIVER: _deliver,
    Kind.SAVE: _save,
    Kind.ROUND: _round,
    Kind.TIME: _time,
    Kind.DROP: _with_packet(Kind.DROP, lambda w, p, _: w.network.drop(p)),
    Kind.DOUBLE: _with_packet(Kind.DOUBLE, lambda w, p, _: w.network.double(p)),
    Kind.TWINS: _with_packet(Kind.TWINS, _twins),
    Kind.SPOIL: _with_packet(Kind.SPOIL, lambda w, p, s: w.network.spoil(p, s.how)),
    Kind.CUT: _with_packet(Kind.CUT, lambda w, p, s: w.network.cut(p, s.how)),
    Kind.PORTAL: _with_packet(Kind.PORTAL, lambda w, p, _: w.network.portal(p)),
    Kind.GATEWAY: _with_packet(Kind.GATEWAY, lambda w, p, _: w.network.gateway(p)),
    Kind.TIMEOUT: _timeout,
    Kind.CRASH_PHONE: _crash_phone,
    Kind.KILL_REQUEST: _kill_request,
    Kind.KILL_AFTER_COMMIT: _kill_after_commit,
    Kind.KILL_BEFORE_COMMIT: _kill_before_commit,
    Kind.TERMINATE: _terminate,
    Kind.RESTART: _restart,
    Kind.KEYS_AWAY: _keys_away,
    Kind.CLOCK_JUMP: _clock_jump,
    Kind.REBOOT: _reboot,
    Kind.DAMAGE: _damage,
    Kind.MOVE: _move,
    Kind.ASSIGN: _assign,
    Kind.COVER: _cover,
    Kind.COVER_ENDS: _cover_ends,
    Kind.PROTECT: _protect,
    Kind.LOCK_DEVICE: _stop_device(Kind.LOCK_DEVICE, devices.lock),
    Kind.WIPE_DEVICE: _stop_device(Kind.WIPE_DEVICE, devices.wipe),
    Kind.RESTORE: _restore(Kind.RESTORE),
    Kind.RESTORE_TOLD: _restore(Kind.RESTORE_TOLD),
    Kind.CLONE: _clone,
    Kind.POISON: _poison,
    Kind.RUSH: _rush,
}
