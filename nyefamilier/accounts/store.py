"""Queries over accounts, sessions, tokens and failed attempts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Delete, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.accounts.tables import (
    AccessToken,
    Account,
    BearerRecord,
    PageSession,
    SignInAttempts,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage import plain

Bearer = TypeVar("Bearer", bound=BearerRecord)

BEARERS: tuple[type[BearerRecord], ...] = (PageSession, AccessToken)
"""Everything that somebody can be signed in by."""


def account_named(session: Session, username: str) -> Account | None:
    """The account with the username, active or not."""
    return session.scalar(select(Account).where(Account.username == username))


def all_accounts(
    session: Session, *, bydel: BydelNumber | None, role: Role | None, active_only: bool
) -> Sequence[Account]:
    """Accounts by username."""
    query = select(Account).order_by(Account.username)
    if bydel is not None:
        query = query.where(Account.bydel == bydel)
    if role is not None:
        query = query.where(Account.role == role)
    if active_only:
        query = query.where(Account.active)
    return session.scalars(query).all()


def accounts_of(session: Session, ids: Iterable[UUID]) -> Sequence[Account]:
    """The accounts that have one of the ids, active or not."""
    return session.scalars(select(Account).where(Account.id.in_(ids))).all()


def bearer_of(
    session: Session, table: type[Bearer], digest: bytes
) -> tuple[Bearer, Account] | None:
    """The session or token that nobody has ended, with its account if that is active."""
    query = (
        select(table, Account)
        .join(Account, Account.id == table.account_id)
        .where(table.token_digest == digest, table.ended_at.is_(None), Account.active)
    )
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


class Holder(NamedTuple):
    """Whose a token is, and until when it is good."""

    expires_at: datetime
    id: UUID
    username: str
    display_name: str
    role: str
    bydel: str | None


_HOLDER: Final = """
    SELECT t.expires_at, a.id, a.username, a.display_name, a.role, a.bydel
    FROM access_token t JOIN account a ON a.id = t.account_id
    WHERE t.token_digest = %(digest)s AND t.ended_at IS NULL AND a.active
"""


def holder_of_token(connection: Connection, digest: bytes) -> Holder | None:
    """Whose the token is that nobody has ended, if the account is active."""
    found = plain.rows(connection, _HOLDER, {"digest": digest})
    return Holder(*found[0]) if found else None


def hold_account(session: Session, account_id: UUID) -> None:
    """Wait until nobody else ends or carries on a sign-in of the account; held to the end.

    Whoever ends them all would not see a token that is written at that very moment.
    """
    held = select(Account.id).where(Account.id == account_id)
    session.execute(held.with_for_update(key_share=True))


def token_with(session: Session, digest: bytes) -> AccessToken | None:
    """The token that has the digest, good or not."""
    return session.scalar(select(AccessToken).where(AccessToken.token_digest == digest))


def end_sign_in(session: Session, token: AccessToken, now: datetime) -> None:
    """End the token, and all others that the same password gave."""
    first = token.sign_in_id or token.id
    session.execute(
        update(AccessToken)
        .where(
            AccessToken.account_id == token.account_id,
            or_(AccessToken.id == first, AccessToken.sign_in_id == first),
            AccessToken.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def end_bearer(session: Session, table: type[BearerRecord], digest: bytes, now: datetime) -> None:
    """End one session or token, if it is still open."""
    session.execute(
        update(table)
        .where(table.token_digest == digest, table.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_bearers(session: Session, account_id: UUID, now: datetime, *, but: bytes = b"") -> None:
    """End every session and token of an account, but the one with a given digest."""
    hold_account(session, account_id)
    for table in BEARERS:
        session.execute(
            update(table)
            .where(
                table.account_id == account_id,
                table.ended_at.is_(None),
                table.token_digest != but,
            )
            .values(ended_at=now)
        )


def delete_bearers(session: Session, older_than: datetime) -> int:
    """Forget sessions and tokens that expired before *older_than*, and say how many."""
    return sum(
        _delete(session, delete(table).where(table.expires_at < older_than)) for table in BEARERS
    )


def hold_attempts(session: Session, key: bytes) -> bool:
    """Whether nobody else is trying with the same key right now; held to the transaction's end."""
    number = int.from_bytes(key[:8], "big", signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def blocked_until(session: Session, keys: Iterable[bytes]) -> datetime | None:
    """The latest instant until which one of the keys must wait, if any has failed."""
    query = select(func.max(SignInAttempts.blocked_until)).where(SignInAttempts.key.in_(keys))
    return session.scalar(query)


def count_failure(session: Session, key: bytes, now: datetime, forget_before: datetime) -> int:
    """Count one more failure and give the number in a row."""
    fresh = insert(SignInAttempts).values(
        key=key, failures=1, last_failed_at=now, blocked_until=now
    )
    again = fresh.on_conflict_do_update(
        index_elements=[SignInAttempts.key],
        set_={
            "failures": case(
                (SignInAttempts.last_failed_at < forget_before, 1),
                else_=SignInAttempts.failures + 1,
            ),
            "last_failed_at": now,
        },
    ).returning(SignInAttempts.failures)
    return session.execute(again).scalar_one()


def block(session: Session, key: bytes, until: datetime) -> None:
    """Make a key wait."""
    session.execute(
        update(SignInAttempts).where(SignInAttempts.key == key).values(blocked_until=until)
    )


def forget_attempts(session: Session, keys: Iterable[bytes]) -> None:
    """Forget the failures of some keys."""
    session.execute(delete(SignInAttempts).where(SignInAttempts.key.in_(keys)))


def delete_attempts(session: Session, older_than: datetime) -> int:
    """Forget every failure before *older_than*, and say of how many keys."""
    old = delete(SignInAttempts).where(SignInAttempts.last_failed_at < older_than)
    return _delete(session, old)


def _delete(session: Session, rows: Delete) -> int:
    return session.connection().execute(rows).rowcount
