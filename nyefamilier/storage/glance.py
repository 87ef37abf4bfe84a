"""A question of one statement, which sees one instant by itself.

It is for what is asked all day: whose a token is, whether anything is new. It has no session, whose
making would take longer than the answer, and no transaction around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from nyefamilier.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Glance:
    """Where it is asked, by whom, and when. Each statement is carried out whole or not at all."""

    connection: Connection
    actor: Actor
    now: datetime
