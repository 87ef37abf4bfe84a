"""How long what counts a whole city may take. A request has seconds; this has no one waiting."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

MAINTENANCE: Final = "15min"
"""How long one statement may take here, and how long a transaction may wait for another's."""


def take_time(session: Session) -> None:
    """Let the statements of this transaction take longer than a request's may."""
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        session.execute(text(f"SET LOCAL {name} = '{MAINTENANCE}'"))
