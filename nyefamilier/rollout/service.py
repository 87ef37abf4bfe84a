"""Keeps plans: planners save, compare, decide and put away versions of them.

A version is saved whole or not at all: its document is read, computed, and written with the figures
that it gave, in one transaction. So a page shows the figures that were decided on, and waits for no
computation; whoever doubts them computes them again from document and seed.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any, Final, TypeVar
from uuid import UUID

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken, StaleVersion
from nyefamilier.rollout import reading, store
from nyefamilier.rollout.comparing import Change, changes
from nyefamilier.rollout.flaws import PlanFlawed
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.reading import read_toml
from nyefamilier.rollout.replanning import past_changed
from nyefamilier.rollout.states import Kept, Version, VersionState, Whole
from nyefamilier.rollout.tables import PlanRow, VersionRow
from nyefamilier.storage.work import Work

Record = TypeVar("Record")

MOST_DRAWS: Final = 2000
"""Draws that one request may ask for."""
MOST_WORK: Final = 120_000
"""Draws times months that are computed while somebody waits: about a second of one core."""
LONGEST_DOCUMENT: Final = reading.LONGEST_DOCUMENT
USUAL_DRAWS: Final = 1000
USUAL_SEED: Final = 1
_LARGEST_NUMBER: Final = 2**31 - 1
_STORAGE: Final = frozenset(
    {
        "tables.py",
        "store.py",
        "service.py",
        "states.py",
        "outcomes.py",
        "following.py",
        "replanning.py",
        "writing.py",
    }
)
"""What computes nothing."""


class PlanRefused(RuleBroken):
    """The document is no plan; ``flaws`` says all that is wrong with it, and nothing was saved."""

    def __init__(self, flawed: PlanFlawed) -> None:
        count = len(flawed.flaws)
        super().__init__(
            "plan-flawed",
            f"The plan has {count} {'flaw' if count == 1 else 'flaws'}; `flaws` says where each is "
            "and how to mend it. Nothing was saved.",
            pointer="/document",
            members={"flaws": [asdict(one) for one in flawed.flaws]},
        )
        self.flaws = flawed.flaws


def plans(work: Work) -> list[Kept]:
    """Every plan with its versions: those with the newest version first.

    Raises:
        NotAllowed: the actor is no planner.
    """
    _require_planner(work)
    found = store.plans(work.session)
    return sorted(found, key=lambda one: (one.versions[0].written.at, one.id), reverse=True)


def plan(work: Work, plan_id: UUID) -> Kept:
    """One plan with its versions.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such plan.
    """
    _require_planner(work)
    return _found(store.plan(work.session, plan_id))


def version(work: Work, plan_id: UUID, number: int) -> Whole:
    """One version of a plan, with its document and its figures.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
    """
    _require_planner(work)
    return store.whole(_row(work, plan_id, number))


def create_plan(work: Work, plan_id: UUID, document: str) -> Kept:
    """Keep a new plan, as a draft. The same plan again changes nothing.

    Raises:
        NotAllowed: the actor is no planner.
        PlanRefused: the document has flaws.
        Conflict: ``id-taken``.
    """
    _require_planner(work)
    row = None
    if store.version_row(work.session, plan_id, 1) is None:
        row = _computed(work, document)
    if row is not None and store.add_plan(work.session, plan_id):
        _add(work, row, plan_id, 1, plan_id)
    elif _row(work, plan_id, 1).document != document:
        raise Conflict("id-taken", "Another plan has this id. Make a new UUID for a new one.")
    return plan(work, plan_id)


def save_version(work: Work, plan_id: UUID, version_id: UUID, base: int, document: str) -> Version:
    """Keep a new version of a plan, as a draft. The same version again changes nothing.

    Args:
        work: The transaction, the actor and the instant.
        plan_id: Which plan.
        version_id: The new version's id.
        base: The plan's ``rev`` that the planner had read.
        document: The plan in TOML.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such plan.
        PlanRefused: the document has flaws.
        StaleVersion: something was done to the plan since.
        Conflict: ``id-taken``.
    """
    before = plan(work, plan_id)
    # Computed before others have to wait; then it is looked again whether it may be saved.
    row = _computed(work, document) if before.rev == base else None
    if row is not None and before.decided is not None:
        _require_past(_row(work, plan_id, before.decided.number), document)
    locked = _lock(work, plan_id)
    known = store.version_by_id(work.session, version_id)
    if known is not None:
        if (known.plan_id, known.document) != (plan_id, document):
            raise Conflict("id-taken", "Another version has this id. Make a new UUID.")
        return store.whole(known).version
    if row is None or locked.rev != base:
        raise StaleVersion(locked.rev)
    locked.rev += 1
    return _add(work, row, plan_id, before.versions[0].number + 1, version_id)


def decide(work: Work, plan_id: UUID, number: int) -> Version:
    """Decide on a version. Deciding again changes nothing.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        Conflict: ``plan-archived``: it was put away.
    """
    _require_planner(work)
    locked, row = _lock(work, plan_id), _row(work, plan_id, number)
    match store.whole(row).version.state:
        case VersionState.ARCHIVED:
            raise Conflict("plan-archived", "This version was put away. Decide on another one.")
        case VersionState.DRAFT:
            row.decided_at, row.decided_by = work.now, work.actor.id
            locked.rev += 1
        case VersionState.DECIDED:
            pass
    work.session.flush()
    return store.whole(row).version


def archive(work: Work, plan_id: UUID, number: int) -> Version:
    """Put a version away. It can still be read; putting it away again changes nothing.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
    """
    _require_planner(work)
    locked, row = _lock(work, plan_id), _row(work, plan_id, number)
    if row.archived_at is None:
        row.archived_at, row.archived_by = work.now, work.actor.id
        locked.rev += 1
    work.session.flush()
    return store.whole(row).version


def differences(work: Work, plan_id: UUID, before: int, after: int) -> tuple[Change, ...]:
    """What differs between two versions of a plan, place by place.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        PlanRefused: a version was saved when less was asked of a document.
    """
    old, new = (version(work, plan_id, number).document for number in (before, after))
    return changes(read(old), read(new))


def simulated(work: Work, plan_id: UUID, number: int, draws: int, seed: int) -> dict[str, Any]:
    """What a version gives, computed now.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        RuleBroken: ``too-many-draws``.
        PlanRefused: the version was saved when less was asked of a document.
    """
    found = read(version(work, plan_id, number).document)
    most = draws_for(found, MOST_DRAWS)
    if draws > most:
        why = f"A plan of so many months is computed in at most {most} draws. Ask for fewer."
        raise RuleBroken("too-many-draws", why, pointer="/draws")
    return figures_of(found, draws, seed)


def read(document: str) -> Plan:
    """The plan that a document is.

    Raises:
        PlanRefused: it has flaws.
    """
    try:
        return read_toml(document)
    except PlanFlawed as flawed:
        raise PlanRefused(flawed) from flawed


def values_of(document: str) -> dict[str, Any]:
    """A document that was read before, as JSON has it."""
    found: dict[str, Any] = json.loads(json.dumps(tomllib.loads(document), default=str))
    return found


def figures_of(plan: Plan, draws: int, seed: int) -> dict[str, Any]:
    """All that so many draws of a plan say, as JSON has it."""
    from nyefamilier.rollout.telling import told  # noqa: PLC0415 - NumPy takes a while to start

    found: dict[str, Any] = json.loads(json.dumps(told(plan, draws, seed)))
    return found


def draws_for(plan: Plan, wished: int = USUAL_DRAWS) -> int:
    """As many draws as can be computed of a plan while somebody waits."""
    return max(1, min(wished, MOST_WORK // (plan.ends - plan.begins)))


@cache
def model() -> str:
    """Which state of the model this is: a digest of the files that compute, and of their data."""
    found = hashlib.sha256()
    for package in ("nyefamilier.rollout", "nyefamilier.rollout.data", "nyefamilier.bydeler.data"):
        folder = resources.files("nyefamilier").joinpath(*package.split(".")[1:])
        files = (one for one in folder.iterdir() if one.is_file() and one.name not in _STORAGE)
        for file in sorted(files, key=lambda one: one.name):
            found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:16]


def _require_planner(work: Work) -> None:
    if work.actor.role not in {Role.PLANNER, Role.SYSTEM}:
        raise NotAllowed("Plans are for the city's planners.")


def _computed(work: Work, document: str) -> Mapping[str, Any]:
    """What is kept of a document that has no flaw."""
    found = read(document)
    return {
        "name": found.name,
        "document": document,
        "figures": figures_of(found, draws_for(found), USUAL_SEED),
        "model": model(),
        "written_at": work.now,
        "written_by": work.actor.id,
    }


def _require_past(decided: VersionRow, document: str) -> None:
    """Refuse a plan that was opened anew and tells otherwise of what had started by then."""
    found = list(past_changed(read(decided.document), read(document)))
    if found:
        raise PlanRefused(PlanFlawed(found))


def _add(
    work: Work, row: Mapping[str, Any], plan_id: UUID, number: int, version_id: UUID
) -> Version:
    made = VersionRow(plan_id=plan_id, number=number, id=version_id, **row)
    work.session.add(made)
    work.session.flush()
    return store.whole(made).version


def _lock(work: Work, plan_id: UUID) -> PlanRow:
    return _found(store.locked(work.session, plan_id))


def _row(work: Work, plan_id: UUID, number: int) -> VersionRow:
    if not 1 <= number <= _LARGEST_NUMBER:
        raise NotFound("version")
    return _found(store.version_row(work.session, plan_id, number), "version")


def _found(found: Record | None, what: str = "plan") -> Record:
    if found is None:
        raise NotFound(what)
    return found
