"""Scripts: what will happen in a world, worked out from a seed before anything does.

A step names what it is about by a number that is taken modulo what there is, so that any part of a
script is a script. That is what lets a failing one be made shorter.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a step does."""

    TASK = "task"
    """One of the server's requests or phones' rounds goes on for a while."""
    DELIVER = "deliver"
    SAVE = "save"
    """A nurse writes something on a phone."""
    ROUND = "round"
    """A phone begins a round of sync."""
    TIME = "time"
    """Nothing happens for a while; now and then the database is backed up."""

    DROP = "drop"
    DOUBLE = "double"
    TWINS = "twins"
    """A request arrives twice at the same moment."""
    SPOIL = "spoil"
    CUT = "cut"
    PORTAL = "portal"
    GATEWAY = "gateway"
    TIMEOUT = "timeout"

    CRASH_PHONE = "crash-phone"
    """At one of the coming durable steps."""
    KILL_REQUEST = "kill-request"
    """A worker dies where it is, in the middle of a transaction or after its commit."""
    KILL_AFTER_COMMIT = "kill-after-commit"
    KILL_BEFORE_COMMIT = "kill-before-commit"
    """All is done and nothing is kept: whoever has been told of it was told too early."""
    TERMINATE = "terminate"
    """The database ends a request's session."""
    RESTART = "restart"
    """Every worker dies at once."""
    KEYS_AWAY = "keys-away"
    CLOCK_JUMP = "clock-jump"
    REBOOT = "reboot"
    DAMAGE = "damage"
    """A record on a phone's disk is damaged."""

    MOVE = "move"
    """A family moves to a nurse in another bydel."""
    ASSIGN = "assign"
    COVER = "cover"
    COVER_ENDS = "cover-ends"
    PROTECT = "protect"
    LOCK_DEVICE = "lock-device"
    """Or one that was locked is found again, and unlocked."""
    WIPE_DEVICE = "wipe-device"
    RESTORE = "restore"
    """The database is what it was at the last backup."""
    RESTORE_TOLD = "restore-told"
    """The same, and the operator says so: a new epoch."""
    CLONE = "clone"
    """A phone's files are put back to an earlier copy."""
    POISON = "poison"
    """A nurse writes something that trips a defect of the server's."""
    RUSH = "rush"
    """All write about the same records at once, and the server answers all of them by turns."""


BASE: Final = {
    Kind.TASK: 42.0,
    Kind.DELIVER: 40.0,
    Kind.SAVE: 4.0,
    Kind.ROUND: 10.0,
    Kind.TIME: 1.2,
}
"""What every world has."""

FAULTS: Final = {
    Kind.DROP: 3.0,
    Kind.DOUBLE: 3.0,
    Kind.TWINS: 2.0,
    Kind.SPOIL: 2.0,
    Kind.CUT: 2.0,
    Kind.PORTAL: 1.6,
    Kind.GATEWAY: 2.0,
    Kind.TIMEOUT: 2.5,
    Kind.CRASH_PHONE: 5.0,
    Kind.KILL_REQUEST: 2.5,
    Kind.KILL_AFTER_COMMIT: 2.0,
    Kind.TERMINATE: 2.5,
    Kind.RESTART: 0.6,
    Kind.KEYS_AWAY: 0.7,
    Kind.CLOCK_JUMP: 0.5,
    Kind.REBOOT: 0.7,
    Kind.DAMAGE: 2.0,
    Kind.MOVE: 0.9,
    Kind.ASSIGN: 1.6,
    Kind.COVER: 1.4,
    Kind.COVER_ENDS: 1.0,
    Kind.PROTECT: 1.0,
    Kind.LOCK_DEVICE: 0.8,
    Kind.WIPE_DEVICE: 0.8,
    Kind.RESTORE: 0.5,
    Kind.RESTORE_TOLD: 0.5,
    Kind.CLONE: 1.8,
    Kind.POISON: 0.8,
    Kind.KILL_BEFORE_COMMIT: 1.0,
    Kind.RUSH: 0.9,
}
"""How often each comes when the seed lets it come at all."""

SURELY: Final = 4.0
"""How much oftener than usual a kind of fault comes that a world is to have."""
SCENES: Final = 6
"""How often a scene comes in a world that is to have it."""
MANY: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. ``which`` and ``how`` are taken modulo what there is."""

    kind: Kind
    which: int = 0
    how: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.which} {self.how}"


def read_step(line: str) -> Step:
    """The step that was written as *line*."""
    kind, which, how = line.split()
    return Step(Kind(kind), int(which), int(how))


def weights_of(chance: random.Random) -> dict[Kind, float]:
    """How often each kind of step comes in one world: each fault by itself, and some not at all.

    Sources: Groce et al., Swarm Testing, ISSTA 2012.
    """
    drawn = dict(BASE)
    for kind, usual in FAULTS.items():
        if chance.random() < 0.6:
            drawn[kind] = usual * chance.choice((0.5, 1.0, 2.0, 3.0))
    return drawn


def script_of(
    seed: int, length: int, surely: Iterable[Kind] = (), scene: Sequence[Kind] = ()
) -> list[Step]:
    """What will happen in the world of *seed*.

    Args:
        seed: The world.
        length: How many steps.
        surely: Kinds of faults that come surely.
        scene: What comes one upon the other about one family, some times over.
    """
    chance = random.Random(f"script {seed}")
    weights = weights_of(chance) | {kind: FAULTS[kind] * SURELY for kind in surely}
    kinds = chance.choices(list(weights), list(weights.values()), k=length)
    script = [_step(kind, chance) for kind in kinds]
    for at in chance.choices(range(length), k=SCENES if scene else 0):
        which = chance.randrange(MANY)
        script[at:at] = [Step(kind, which, chance.randrange(MANY)) for kind in scene]
    return script


def _step(kind: Kind, chance: random.Random) -> Step:
    return Step(kind, chance.randrange(MANY), chance.randrange(MANY))
