"""The secret address under which a nurse's own calendar program reads her appointments.

Whoever has the address reads what the nurse lets it tell: so it holds 256 random bits, only its
digest is stored, the nurse makes it anew or closes it whenever she likes, and it is good for a
year: one that was copied to a telephone which somebody else has now does not read for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nyefamilier.accounts import bearers
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import active_nurse
from nyefamilier.calendars import store
from nyefamilier.calendars.tables import FeedRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.storage.work import Work

GOOD_FOR: Final = timedelta(days=365)
"""How long an address is good."""
RENEWED: Final = timedelta(days=30)
"""How long before its end the nurse is asked to make it anew."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A nurse's feed.

    Args:
        since: When its present address was made.
        until: Until when that is good; not part of it.
    """

    since: datetime
    until: datetime

    def is_good(self, now: datetime) -> bool:
        """Whether the address gives anything."""
        return now < self.until

    def ends_soon(self, now: datetime) -> bool:
        """Whether the nurse had better make it anew, if it is good at all."""
        return now >= self.until - RENEWED


@dataclass(frozen=True, slots=True)
class NurseFeed:
    """A feed that can be read, and the nurse whose it is."""

    nurse: AccountIdentity
    feed: Feed


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


def own_feed(work: Work) -> Feed | None:
    """The actor's feed, good or not; None when it has no address."""
    row = work.session.get(FeedRow, work.actor.id)
    return None if row is None else _feed(row)


def feed_with(work: Work, secret: str) -> NurseFeed:
    """The feed that has this secret.

    Raises:
        NotFound: there is none: it never was, it was closed or made anew, it is too old, or the
            nurse has left.
    """
    row = store.feed_with(work.session, bearers.digest_of(secret))
    nurse = None if row is None else active_nurse(work.session, row.nurse_id)
    if row is None or nurse is None or not _feed(row).is_good(work.now):
        raise NotFound("calendar feed")
    return NurseFeed(nurse, _feed(row))


def _feed(row: FeedRow) -> Feed:
    return Feed(row.made_at, row.made_at + GOOD_FOR)


def _require_nurse(work: Work) -> None:
    if work.actor.role is not Role.NURSE:
        raise NotAllowed("Only nurses have a calendar feed.")
