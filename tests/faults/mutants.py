"""Known ways to get sync wrong, each a switch that breaks the real code; none is on by itself.

A simulation that does not find these proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from nyefamilier.door.handling import HANDLERS
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.needs.intents import StateNeed
from tests.faults import client_mutants, server_mutants
from tests.faults.script import Kind
from tests.faults.swapping import swap_item

POISON: Final = "GIFT"
"""Words with this in them trip a defect that the simulation puts into the server."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect: what it is, and what puts it in until the stack is left."""

    name: str
    what: str
    put: Callable[[ExitStack], None]


def _of(*modules: Any) -> dict[str, Mutant]:
    found = [
        (name, one)
        for module in modules
        for name, one in vars(module).items()
        if callable(one) and getattr(one, "__module__", "") == module.__name__ and name[0] != "_"
    ]
    return {name: Mutant(name, str(one.__doc__).splitlines()[0], one) for name, one in found}


MUTANTS: Final = _of(client_mutants, server_mutants)


NEEDS: Final[dict[str, tuple[Kind, ...]]] = {
    "ack_early": (Kind.KILL_BEFORE_COMMIT,),
    "cover_without_end": (Kind.COVER, Kind.COVER_ENDS),
    "cursor_first": (Kind.CRASH_PHONE,),
    "doubts_nothing": (Kind.DAMAGE,),
    "event_revoke": (Kind.ASSIGN, Kind.DROP),
    "held_in_silence": (Kind.ASSIGN,),
    "keeps_the_family": (Kind.ASSIGN,),
    "late_note_dropped": (Kind.ASSIGN,),
    "locked_is_applied": (Kind.LOCK_DEVICE,),
    "locked_is_served": (Kind.LOCK_DEVICE,),
    "new_id_on_retry": (Kind.DROP, Kind.TIMEOUT),
    "no_dedupe": (Kind.DOUBLE, Kind.DROP),
    "no_journal": (Kind.RESTORE,),
    "no_regress": (Kind.RESTORE,),
    "poison_blocks": (Kind.POISON,),
    "protected_is_served": (Kind.PROTECT,),
    "purge_outbox": (Kind.ASSIGN,),
    "receipts_ignored": (Kind.ASSIGN,),
    "scope_from_cache": (Kind.ASSIGN,),
    "swallow_reject": (Kind.ASSIGN,),
    "verdict_before_commit": (Kind.KILL_BEFORE_COMMIT,),
}
"""The faults by which a mutant differs from the code: its worlds surely have them."""


SCENES: Final[dict[str, tuple[Kind, ...]]] = {
    "ack_early": (Kind.KILL_BEFORE_COMMIT, Kind.RUSH),
    "cover_without_end": (Kind.COVER, Kind.RUSH, Kind.COVER_ENDS, Kind.RUSH),
    "lww": (Kind.RUSH,),
    "no_family_lock": (Kind.RUSH,),
    "parked_for_ever": (Kind.RUSH,),
    "plan_field_by_field": (Kind.RUSH,),
    "protected_is_served": (Kind.PROTECT, Kind.RUSH, Kind.RUSH),
    "verdict_before_commit": (Kind.KILL_BEFORE_COMMIT, Kind.RUSH),
}
"""What comes one upon the other in the worlds of a mutant that shows by that alone."""


@contextmanager
def mutated(name: str) -> Generator[None]:
    """Run the code with the mutant *name* in it, if one is named, and with the poison's defect."""
    with ExitStack() as stack:
        for kind in (WriteNote, CorrectNote, StateNeed):
            swap_item(stack, HANDLERS, kind, _poisonable(HANDLERS[kind]))
        if name:
            MUTANTS[name].put(stack)
        yield


def _poisonable(handle: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def handler(dossier: Any, intent: Any) -> None:
        words = str(getattr(intent, "text", None) or getattr(intent, "words", ""))
        if POISON in words:
            raise RuntimeError("the defect that poison trips")
        handle(dossier, intent)

    return handler
