"""A nurse who was let in to a family in an emergency, as if she had asked and told her password."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec

from nyefamilier.access.tables import EmergencyRow
from nyefamilier.bootstrap import Programme
from nyefamilier.families.bodies import EmergencyBody
from nyefamilier.families.holding import ciphers_for_keeping
from nyefamilier.kernel.actors import SYSTEM, Actor

_HOUR = timedelta(hours=1)


def let_in(programme: Programme, nurse: Actor, family: UUID, *, ago: timedelta = _HOUR) -> UUID:
    """Her grant, for two hours, opened some time ago."""
    with programme.work(SYSTEM, "test") as work:
        row = EmergencyRow(
            id=uuid4(), family_id=family, nurse_id=nurse.id, bydel=nurse.bydel,
            opened_at=work.now - ago, until=work.now - ago + 2 * _HOUR, version=1,
        )  # fmt: skip
        cipher = ciphers_for_keeping(work, [family])[family]
        told = msgspec.json.encode(EmergencyBody("Mor ringer, og barnet er gult."))
        row.sealed = cipher.seal(row.__tablename__, "sealed", row.id, row.version, told)
        work.session.add(row)
        return row.id
