"""A transaction that is held open while a phone pulls: is a row missed, or another family held up?

Run ``python -m bench held``. For a minute (``--seconds``) somebody writes to one family and does
not commit, while another family is written to and a phone pulls a hundred times (``--pulls``).
Every pull must bring what was committed and nothing else; when the minute is over, the rest; and
all that came must be what a new phone gets. It ends in an error otherwise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import text

from api.app import create_app
from bench.pull import Phone, enrolled, family, notes, nurse, private, write
from nyefamilier.bootstrap import Programme
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.wire.messages import Change, PullAnswer, Snapshot

FREELY = 20
"""Pulls before anything is held open, to compare with."""

Row = tuple[UUID, str, UUID, int]
"""A family, and the kind, id and revision of a row of it."""


@dataclass
class Collector(Phone):
    """A phone that knows every row that it was sent."""

    rows: set[Row] = field(default_factory=set)
    fresh: set[Row] = field(default_factory=set)

    def take(self, answer: PullAnswer) -> None:
        """Note how far it has each family, and what came."""
        super().take(answer)
        told: list[Change | Snapshot] = [*answer.changes, *answer.snapshots]
        self.fresh = {
            (one.family, item.kind, item.id, item.rev) for one in told for item in one.items
        }
        self.rows |= self.fresh

    def pull(self) -> set[Row]:
        """What is new."""
        self.news()
        return self.fresh


@dataclass
class Waits:
    """Seconds that writes to the other family, and pulls, took."""

    writes: list[float] = field(default_factory=list)
    pulls: list[float] = field(default_factory=list)


@dataclass
class Trial:
    """Two families, one of them held, and the phone of the nurse who follows both."""

    programme: Programme
    actor: Actor
    phone: Collector
    held: tuple[FamilyId, UUID]
    free: tuple[FamilyId, UUID]

    def rounds(self, pulls: int, pause: float, waits: Waits) -> None:
        """So many notes for the family that is free, each followed by a pull that brings it."""
        for _ in range(pulls):
            home, mother = self.free
            [note] = notes(mother, 1)
            waits.writes.append(_seconds(partial(write, self.programme, self.actor, home, note)))
            waits.pulls.append(_seconds(self.phone.pull))
            if {(one, id_) for one, _, id_, _ in self.phone.fresh} != {(home, note.note_id)}:
                raise SystemExit(f"a pull brought {self.phone.fresh}, and not {note.note_id} alone")
            time.sleep(max(0.0, pause - waits.writes[-1] - waits.pulls[-1]))

    def hold(self, pulls: int, seconds: float) -> tuple[float, Waits]:
        """The same while somebody holds the other family: for how long, and the waits."""
        waits, (home, mother) = Waits(), self.held
        mutation = Mutation(MutationId(uuid4()), home, tuple(notes(mother, 1)))
        with self.programme.work(self.actor, "bench") as work:
            apply(work, mutation)
            work.session.flush()
            # Otherwise PostgreSQL would end it before the minute is over.
            work.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            begun = perf_counter()
            self.rounds(pulls, seconds / pulls, waits)
            time.sleep(max(0.0, seconds - (perf_counter() - begun)))
            lasted = perf_counter() - begun
        return lasted, waits


def main(words: Sequence[str] = ()) -> None:
    """Hold, pull, and say what came of it."""
    options = _parser().parse_args(words)
    with private() as programme:
        _measure(programme, options)


def _measure(programme: Programme, options: argparse.Namespace) -> None:
    actor, token = nurse(programme)
    held, free = (family(programme, actor, number) for number in range(2))
    client = create_app(programme).test_client()
    phone = Collector(client, token, enrolled(programme, actor))
    phone.everything()
    trial, freely = Trial(programme, actor, phone, held, free), Waits()
    trial.rounds(FREELY, 0, freely)
    lasted, meanwhile = trial.hold(options.pulls, options.seconds)
    if {one for one, *_ in phone.pull()} != {held[0]}:
        raise SystemExit("what was held did not come when it was committed")
    other = Collector(client, token, enrolled(programme, actor))
    other.everything()
    missed = {row[:3] for row in other.rows} - {row[:3] for row in phone.rows}
    if missed or other.has != phone.has:
        raise SystemExit(f"the phone missed {len(missed)} rows")
    print(
        f"A transaction was open for {lasted:.0f} s. {len(meanwhile.pulls)} pulls meanwhile each "
        "brought what was committed and nothing else, the next one the rest; "
        f"of {len(other.rows)} rows none was missed.\n"
    )
    _print("a write to another family", freely.writes, meanwhile.writes)
    _print("a pull", freely.pulls, meanwhile.pulls)


def _print(what: str, freely: list[float], meanwhile: list[float]) -> None:
    print(
        f"{what} took {median(meanwhile) / median(freely):.2f} times as long as before, the "
        f"slowest {max(meanwhile) * 1000:.0f} ms"
    )


def _seconds(do: Callable[[], object]) -> float:
    begun = perf_counter()
    do()
    return perf_counter() - begun


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench held", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long it is held open")
    parser.add_argument("--pulls", type=int, default=100, help="how many pulls meanwhile")
    return parser


if __name__ == "__main__":
    main()
