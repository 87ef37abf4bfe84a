"""How many transactions a second each write an entry of a log: our tree beside a hash chain.

The chain is what one would write otherwise: each entry's hash takes in the one before, so that the
newest one is a row that each writer holds until it has committed. Our entries are written without,
and the time that sealing all of them takes afterwards is counted to theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from time import perf_counter
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, TextClause, text

from bench._machine import usage
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.transparency import sealing

WRITERS: Final = 8

_TREE: Final = text("""
    INSERT INTO access_log (at, actor_id, role, unit, action, family_id, object, ground, doorway,
        request_id)
    VALUES (now(), :id, 'nurse', '11', 'read', :id, 'notes', 'primary_nurse', 'web', :id)
""")
_CHAIN: Final = text("""
    WITH head AS (SELECT hash FROM bench_head FOR UPDATE),
    entry AS (
        INSERT INTO bench_chain (at, actor_id, role, unit, action, family_id, object, ground,
            doorway, request_id, hash)
        SELECT now(), :id, 'nurse', '11', 'read', :id, 'notes', 'primary_nurse', 'web', :id,
            sha256(head.hash || uuid_send(:id) || convert_to('nurse11readnotes', 'UTF8'))
        FROM head RETURNING hash
    )
    UPDATE bench_head SET hash = entry.hash FROM entry
""")
_SETTING: Final = (
    "CREATE TABLE bench_chain (LIKE access_log INCLUDING IDENTITY INCLUDING INDEXES)",
    "ALTER TABLE bench_chain ADD hash bytea NOT NULL",
    "CREATE TABLE bench_head (hash bytea NOT NULL)",
    "INSERT INTO bench_head VALUES (sha256(''))",
)


def main(programme: Programme, entries: int, rounds: int) -> None:
    """Write both logs in turn, and print entries a second."""
    with programme.engine.begin() as connection:
        for statement in _SETTING:
            connection.execute(text(statement))
    seal = partial(sealing.seal, partial(programme.work, SYSTEM, "bench"))
    seal()
    chain, tree, alone = [], [], []
    before = usage()
    for _ in range(rounds):
        chain.append(_written(programme.engine, _CHAIN, entries))
        written = _written(programme.engine, _TREE, entries)
        alone.append(_took(seal))
        tree.append(written + alone[-1])
    every = WRITERS * entries
    slow, fast = (every / median(one) for one in (chain, tree))
    print(f"{WRITERS} writers, {entries} transactions each, median of {rounds} rounds:\n")
    print("| log | entries a second | of the chain |")
    print("|---|---:|---:|")
    print(f"| locked hash chain | {slow:,.0f} | 1.0 |")
    print(f"| ours, and sealed | {fast:,.0f} | {fast / slow:.1f} |")
    print(f"\nSealing alone took {median(alone) / median(tree):.0%} of that.")
    print(f"\nOthers took {(usage() - before).foreign:.0%} of the CPU meanwhile.")


def _written(engine: Engine, statement: TextClause, entries: int) -> float:
    """Seconds until all writers have committed all of theirs."""

    def write() -> None:
        with engine.connect() as connection:
            for _ in range(entries):
                connection.execute(statement, {"id": uuid4()})
                connection.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        return _took(lambda: [one.result() for one in [pool.submit(write) for _ in range(WRITERS)]])


def _took(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
