"""One database, one demonstration city: later loads add to the one that stands there.

A city is told by its seed and until an instant, and another day tells it otherwise: other families
are visited today. So both are written down at the first load, and a later one goes by them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.demo.tables import DemonstrationRow
from nyefamilier.kernel.errors import Conflict


def stand(session: Session, seed: int, now: datetime) -> datetime:
    """The instant until which the city is told: *now*, unless it stands there already.

    Two first loads at once: the second waits for the first, and goes by its instant.

    Raises:
        Conflict: ``another-city``: the database holds a demonstration with another seed.
    """
    first = insert(DemonstrationRow).values(seed=seed, told_until=now).on_conflict_do_nothing()
    session.execute(first)
    standing = session.get_one(DemonstrationRow, True)  # noqa: FBT003 - the key of the only row
    if standing.seed != seed:
        raise Conflict(
            "another-city",
            f"The database holds the demonstration with seed {standing.seed}; two would be counted "
            "together. Use that seed, or start empty: set NYEFAMILIER_VAR to a new folder.",
        )
    return standing.told_until
