"""The secret address under which a nurse's own calendar program reads her appointments.

Whoever has the address reads what the nurse lets it tell: so it holds 256 random bits, only its
digest is stored, and the nurse makes it anew or closes it whenever she likes.
"""

from __future__ import annotations

from datetime import datetime

from nyefamilier.accounts import bearers
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import active_nurse
from nyefamilier.calendars import store
from nyefamilier.calendars.tables import FeedRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.storage.work import Work


def open_feed(work: Work) -> str:
    """A new secret for the actor's own feed. The one before is good no longer.

    Raises:
        NotAllowed: the actor is not a nurse.
    """
    _require_nurse(work)
    secret = bearers.new_bearer()
    digest = bearers.digest_of(secret)
    store.put_feed(work.session, work.actor.id, digest, work.now)
    return secret


def close_feed(work: Work) -> None:
    """Nobody reads the actor's feed from now on. Closing again changes nothing.

    Raises:
        NotAllowed: the actor is not a nurse.
    """
    _require_nurse(work)
    row = work.session.get(FeedRow, work.actor.id)
    if row is not None:
        work.session.delete(row)
        work.session.flush()


def feed_since(work: Work) -> datetime | None:
    """Since when the actor's feed has had its present address; None when it has none."""
    row = work.session.get(FeedRow, work.actor.id)
    return None if row is None else row.made_at


def nurse_of_feed(work: Work, secret: str) -> AccountIdentity:
    """The nurse whose feed has this secret.

    Raises:
        NotFound: there is none: it never was, it was closed or made anew, or the nurse has left.
    """
    row = store.feed_with(work.session, bearers.digest_of(secret))
    nurse = None if row is None else active_nurse(work.session, row.nurse_id)
    if nurse is None:
        raise NotFound("calendar feed")
    return nurse


def _require_nurse(work: Work) -> None:
    if work.actor.role is not Role.NURSE:
        raise NotAllowed("Only nurses have a calendar feed.")
