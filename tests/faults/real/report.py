"""The second part of docs/faults.md: what was killed, what was spoiled, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tests.faults.page import REAL
from tests.faults.real.people import FAMILIES, NURSES, PHONES
from tests.faults.real.proxy import Fate
from tests.faults.real.runs import PART, Outcome
from tests.faults.real.site import Victim
from tests.faults.reporting import bound

_OPENING: Final = f"""{REAL}

`make faults REAL=200` runs the same client and the same server, but as they are served: PostgreSQL
with `fsync` on, started and killed by us in a folder of its own; `nyefamilier serve` with settings
as in production, two workers of gunicorn; {len(PHONES)} phones of {len(NURSES)} nurses, each the
reference client on a file of its own, which write and sync without a pause. Each nurse has
{FAMILIES} families, and half of the families are written on by two nurses. Between phones and
server stands a proxy that lets answers be lost after the server has given them, cuts bodies
half-way, delays, refuses, and sends requests twice. A process is killed by SIGKILL at a random
moment, as soon as the server has taken in some mutations since the last kill; what died is started
again. After every {PART} kills all faults are switched off, the outboxes drain, what is there is
checked, and a new deployment begins. What is checked:

- every mutation that a phone was ever told is taken in is there, with the verdict and the revision
  that were told, and its notes and needs to the letter;
- no mutation, note or need is there twice;
- every phone has each of its families at the server's revision and chain, with the same rows;
- chain and checksum of every family follow from its rows (`families.history.differing`), nothing
  was answered by a 500, and all other properties of the simulation hold, as far as they can be seen
  from outside.

What is drawn (the kills, the fates of requests, what is written) follows from the seed; which phone
a fate meets, and what a process was doing when it died, is the machine's to say: a run cannot be
repeated exactly. That the checks can fail is shown by `tests/faults/real`: a database that confirms
a commit before it is on the disk, a client that sends again under another id what got no answer,
and each check on values made by hand. The phones do not keep quiet as long as the server asks them
to, and the server lets a phone come as often as it likes (`NYEFAMILIER_SYNC_A_MINUTE`); all else is
as in production. A killed process loses what it had in memory. It does not lose what the operating
system has: that a commit outlives the loss of power rests on `fsync`, and is not shown here.
"""

_WHAT: Final = {
    Victim.WORKER: "one of gunicorn's workers",
    Victim.MASTER: "gunicorn's own process, with which `serve` ends",
    Victim.BACKEND: "one connection's process, mostly one at work; PostgreSQL ends the others",
    Victim.POSTMASTER: "PostgreSQL's first process; its children end by themselves",
    Victim.DATABASE: "PostgreSQL's first process and all its children",
}


def section(outcome: Outcome, command: str, commit: str) -> str:
    """The part about one run."""
    return "\n".join(_lines(outcome, command, commit))


def _lines(outcome: Outcome, command: str, commit: str) -> Iterable[str]:
    yield _OPENING
    yield f"### The run: `{command}`, commit {commit}, PostgreSQL {outcome.postgresql}"
    yield ""
    total, kills = outcome.total, sum(outcome.kills.values())
    yield "| kills | mutations saved | acknowledged | lost | doubled | violations | 3/N |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    yield (
        f"| {kills:,} | {total.saved:,} | {total.acknowledged:,} | {total.lost:,} "
        f"| {total.doubled:,} | {len(outcome.found):,} | {bound(total.acknowledged)} |"
    )
    yield ""
    yield (
        f"With the faults off every outbox was empty, and every phone agreed with the server, "
        f"after {outcome.rounds} rounds at most. {outcome.parts} deployments one after the other, "
        f"{outcome.families} families, {outcome.rows:,} records; "
        f"`serve` was started {outcome.starts} times, since it ends where its port is still in use."
    )
    yield ""
    yield from _table("killed", outcome.kills, {str(one): what for one, what in _WHAT.items()})
    yield from _table("request", outcome.fates, dict.fromkeys(map(str, Fate), ""))
    yield from _table("answered", {str(one): n for one, n in outcome.statuses.items()}, {})
    yield from _table("verdict", outcome.verdicts, {})
    for one in outcome.found:
        yield f"- {one}"


def _table(name: str, counts: Mapping[str, int], known: Mapping[str, str]) -> Iterable[str]:
    yield f"| {name} | times | |"
    yield "|---|---:|---|"
    for one in [*known, *sorted(counts.keys() - known)]:
        yield f"| {one} | {counts.get(one, 0):,} | {known.get(one, '')} |"
    yield ""
