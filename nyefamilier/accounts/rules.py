"""How long a sign-in lasts, and how long one must wait after failed attempts.

Sources: OWASP ASVS 5.0, 6.3.1 (attempts), 7.3.1 and 7.3.2 (idle and absolute lifetime).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber

BYDEL_ROLES = frozenset({Role.NURSE, Role.LEAD})
"""The roles that work in one bydel; the others work for the city."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long signed-in people stay so."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=10)
    token: timedelta = timedelta(minutes=60)
    shift: timedelta = timedelta(hours=12)

    def session_lives(self, now: datetime, last_seen_at: datetime, expires_at: datetime) -> bool:
        """Whether a page session is neither left alone too long nor simply too old."""
        return now < expires_at and now - last_seen_at < self.idle


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures pass freely, and the longest wait that follows."""

    free: int
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """The wait after so many failures in a row: none, then 1, 2, 4 ... seconds."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return min(self.longest, timedelta(seconds=2 ** min(over, 20)))


PATIENCE = {
    "pair": Patience(free=5, longest=timedelta(minutes=15)),
    "address": Patience(free=40, longest=timedelta(minutes=15)),
    # Short, so that a stranger who keeps guessing cannot lock a nurse out of her day.
    "username": Patience(free=50, longest=timedelta(seconds=30)),
    # Whoever misses oftener is looking for people, not for a number.
    "emergency": Patience(free=5, longest=timedelta(minutes=15)),
}
"""One name from one address; any name from one address; one name from anywhere; one nurse's numbers
of people whom she wants to read in an emergency."""

FORGET_AFTER = timedelta(hours=1)
"""Failures older than this no longer count."""


def username_of(text: str) -> str:
    """The name as it is stored: lower case, without surrounding space."""
    return text.strip().lower()


def check_account(username: str, role: Role, bydel: BydelNumber | None) -> None:
    """Refuse an account that could not work.

    Raises:
        RuleBroken: the name has other characters than ``a-z 0-9 . _ -``, or the bydel does not
            fit the role.
    """
    if not _USERNAME.fullmatch(username):
        raise RuleBroken(
            "username",
            "A username has 2 to 64 characters of a-z, 0-9, full stop, underscore and hyphen, "
            "and begins with a letter or a digit.",
            pointer="/username",
        )
    if (bydel is not None) != (role in BYDEL_ROLES):
        raise RuleBroken(
            "account-bydel",
            "A nurse and a lead belong to one bydel; a planner and a privacy officer to none.",
            pointer="/bydel",
        )
