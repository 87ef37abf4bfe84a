"""A log that tests write into, seal and look at."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from nyefamilier.access.log import note_access
from nyefamilier.access.rules import Action, Ground
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.transparency import sealing
from nyefamilier.transparency.checking import Checked, check
from tests.cities import City

MANY = """
    INSERT INTO access_log (at, actor_id, role, unit, action, family_id, object, ground, doorway,
        request_id)
    SELECT now(), gen_random_uuid(), 'nurse', '11', 'read', gen_random_uuid(), 'notes',
        'primary_nurse', 'web', gen_random_uuid()
    FROM generate_series(1, :many)
"""


def reads(city: City, family: UUID | None = None, times: int = 1) -> None:
    """Somebody reads notes."""
    with city.programme.work(city.ours, "web") as work:
        for _ in range(times):
            note_access(work, family or uuid4(), Action.READ, "notes", Ground.PRIMARY)


def seal(city: City) -> int:
    """As the job does."""
    return sealing.seal(partial(city.programme.work, SYSTEM, "test"))


def checked(city: City, anchored: tuple[str, ...] = ()) -> Checked:
    """As the job does at night."""
    with city.programme.snapshot(SYSTEM, "test") as work:
        return check(work, anchored)


def flaws(city: City, anchored: tuple[str, ...] = ()) -> dict[str, int]:
    """How many of each kind are found."""
    found: dict[str, int] = {}
    for one in checked(city, anchored).findings:
        found[one.flaw] = found.get(one.flaw, 0) + 1
    return found


def as_owner(city: City, *statements: str, **told: Any) -> None:
    """What the database's owner does, past the programme and past the triggers."""
    with city.programme.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement), told)


def one(city: City, statement: str, **told: Any) -> Any:
    """The one value that a statement asks for."""
    with city.programme.engine.connect() as connection:
        return connection.execute(text(statement), told).scalar_one()
