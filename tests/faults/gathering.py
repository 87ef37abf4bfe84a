"""Gathers what the checkers look at, when a world has become quiet."""

from __future__ import annotations

import json

from nyefamilier.kernel.actors import SYSTEM
from tests.faults.evidence import Evidence
from tests.faults.meaning import named
from tests.faults.reading import reader
from tests.faults.world import World


def gather(world: World) -> Evidence:
    """All there is to know of *world*."""
    with world.server.programme.work(SYSTEM, "test") as work:
        seen = reader(world.server.admin, work)
        log, records = seen.log(), seen.records()
        return Evidence(
            saved=list(world.saved),
            delivered=seen.delivered(log, records),
            revisions=log.revisions,
            records=records,
            heads=seen.heads(world.watcher.scope()),
            devices=seen.devices(),
            phones=[phone.look() for phone in world.phones],
            holdings=seen.holdings(),
            escrowed=seen.column("SELECT id FROM escrow"),
            reviews=seen.column("SELECT mutation_id FROM inbox"),
            contested=frozenset(
                (
                    one["mutation_id"],
                    named(one["record_kind"], one["record_id"]),
                    one["value_group"],
                )
                for one in seen.rows(
                    "SELECT mutation_id, record_kind, record_id, value_group FROM inbox"
                    " WHERE kind = 'conflict'"
                )
            ),
            followed=frozenset(
                (one["family_id"], one["nurse_id"])
                for one in seen.rows("SELECT family_id, nurse_id FROM team")
            ),
            history=world.history.events,
        )


def note_notes(world: World) -> None:
    """Write down each note as it is now, so that a later change of it shows."""
    with world.server.programme.work(SYSTEM, "test") as work:
        for one in reader(world.server.admin, work).records(("note",)):
            told = json.dumps(one.body, sort_keys=True)
            if world.noted.get(str(one.id)) != told:
                world.noted[str(one.id)] = told
                world.history.tell("note", id=str(one.id), told=told)
