"""Page sessions and API tokens: opened, recognised, ended.

Every request asks anew. So a signed-out session, a disabled account or a changed role takes
effect at the very next request, and there is no cache that could be late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from nyefamilier.accounts import bearers, store
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.tables import AccessToken, Account, BearerRecord, PageSession
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotSignedIn
from nyefamilier.kernel.ids import BydelNumber, UserId, new_id
from nyefamilier.storage.glance import Glance
from nyefamilier.storage.work import Work

BEARERS_KEPT = timedelta(days=30)
"""How long it can be looked up who was signed in, and from when to when."""

ATTEMPTS_KEPT = timedelta(days=1)
"""How long failed attempts can be looked up. It is longer than any of them counts or waits."""

_SEEN_STEP = timedelta(seconds=20)
"""A session's row is written at most this often, so that reading a page is seldom a write."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A secret handed out once, and until when it is good."""

    secret: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Bearer(expires_at={self.expires_at.isoformat()})"


@dataclass(frozen=True, slots=True)
class Step:
    """From which token to which: the SHA-256 of each."""

    had: bytes
    next: bytes


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """Until when the next token is good, and until when there may be others after it."""

    expires_at: datetime
    until: datetime


def open_session(work: Work, account_id: UserId, lifetimes: Lifetimes) -> Bearer:
    """Open a page session; its secret goes into a cookie."""
    row = PageSession(account_id=account_id, last_seen_at=work.now)
    return _handed_out(work, row, lifetimes.absolute)


def account_of_session(work: Work, secret: str, lifetimes: Lifetimes) -> AccountIdentity:
    """Who has the page session; being asked keeps it alive.

    Raises:
        NotSignedIn: there is no such session, it was ended, has been idle too long or is too old,
            or the account is disabled.
    """
    found = store.bearer_of(work.session, PageSession, bearers.digest_of(secret))
    if found is None:
        raise not_signed_in()
    row, account = found
    if not lifetimes.session_lives(work.now, row.last_seen_at, row.expires_at):
        raise not_signed_in()
    if work.now - row.last_seen_at >= _SEEN_STEP:
        row.last_seen_at = work.now
    return identity_of(account)


def end_session(work: Work, secret: str) -> None:
    """Sign out of a page session, at once. Nothing happens when there is none."""
    store.end_bearer(work.session, PageSession, bearers.digest_of(secret), work.now)


def issue_token(work: Work, account_id: UserId, lifetimes: Lifetimes) -> Bearer:
    """Issue a token of the API."""
    return _handed_out(work, AccessToken(account_id=account_id), lifetimes.token)


def account_of_token(glance: Glance, secret: str) -> AccountIdentity:
    """Whose token it is.

    Raises:
        NotSignedIn: there is no such token, it was given back or has expired, or the account is
            disabled.
    """
    found = store.holder_of_token(glance.connection, bearers.digest_of(secret))
    if found is None or glance.now >= found.expires_at:
        raise not_signed_in()
    return identity_of(found)


def carry_on(work: Work, account_id: UUID, step: Step, lifetimes: Lifetimes) -> CarriedOn:
    """Carry a sign-in on by another token, without the password, till the shift is over.

    Whoever calls this has made sure that the account's own phone asks. The phone makes the next
    token and tells its digest only: the request as it travelled is of no use to who has caught it,
    and sent again, because its answer was lost, it is answered the same.

    Raises:
        NotSignedIn: there is no such sign-in of the account, it was ended, the password was given
            too long ago, or the account is disabled.
    """
    store.hold_account(work.session, account_id)
    first = _first_of(work, account_id, step.had)
    until = first.created_at + lifetimes.shift
    _require_shift(work, until)
    known = store.token_with(work.session, step.next)
    if known is not None:
        return CarriedOn(_expiry_again(known, first.id), until)
    row = AccessToken(account_id=account_id, sign_in_id=first.id)
    _written_down(work, row, step.next, min(until, work.now + lifetimes.token))
    return CarriedOn(row.expires_at, until)


def end_token(work: Work, secret: str) -> None:
    """Sign out: end a token and those that carry the same sign-in on, at once.

    Nothing happens when there is none.
    """
    token = store.token_with(work.session, bearers.digest_of(secret))
    if token is not None:
        store.hold_account(work.session, token.account_id)
        store.end_sign_in(work.session, token, work.now)


def end_everywhere(work: Work, account_id: UUID, *, but: str | None = None) -> None:
    """End every session and token of an account, but the one with the secret *but*."""
    kept = b"" if but is None else bearers.digest_of(but)
    store.end_all_bearers(work.session, account_id, work.now, but=kept)


def forget_old(work: Work) -> int:
    """Delete sessions, tokens and failed attempts that are long over, and say how many."""
    bearers_gone = store.delete_bearers(work.session, work.now - BEARERS_KEPT)
    return bearers_gone + store.delete_attempts(work.session, work.now - ATTEMPTS_KEPT)


def identity_of(account: Account | store.Holder) -> AccountIdentity:
    """The account without its secret."""
    return AccountIdentity(
        id=UserId(account.id),
        username=account.username,
        display_name=account.display_name,
        role=Role(account.role),
        bydel=None if account.bydel is None else BydelNumber(account.bydel),
    )


def not_signed_in() -> NotSignedIn:
    """The one answer to whoever is not signed in, whatever the reason."""
    return NotSignedIn(
        "not-signed-in",
        "Nobody is signed in, or no longer. Sign in and send the new token as "
        "`Authorization: Bearer ...`.",
    )


def _handed_out(work: Work, row: BearerRecord, lasts: timedelta) -> Bearer:
    bearer = Bearer(bearers.new_bearer(), work.now + lasts)
    _written_down(work, row, bearers.digest_of(bearer.secret), bearer.expires_at)
    return bearer


def _written_down(work: Work, row: BearerRecord, digest: bytes, expires_at: datetime) -> None:
    row.id, row.token_digest = new_id(work.now), digest
    row.created_at, row.expires_at = work.now, expires_at
    work.session.add(row)


def _first_of(work: Work, account_id: UUID, digest: bytes) -> AccessToken:
    """The token that the password gave, from which the one with the digest comes."""
    found = store.bearer_of(work.session, AccessToken, digest)
    if found is None:
        raise not_signed_in()
    token, account = found
    _require_own(account, account_id)
    first = work.session.get(AccessToken, token.sign_in_id or token.id)
    if first is None:
        raise not_signed_in()
    return first


def _require_own(account: Account, account_id: UUID) -> None:
    if account.id != account_id:
        raise not_signed_in()


def _require_shift(work: Work, until: datetime) -> None:
    if work.now >= until:
        raise not_signed_in()


def _expiry_again(known: AccessToken, sign_in_id: UUID) -> datetime:
    if known.sign_in_id != sign_in_id or known.ended_at is not None:
        raise not_signed_in()
    return known.expires_at
