"""Accounts, and what proves that somebody has signed in to one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant


class Account(Base):
    """A person who works here. The id is the actor's id and, for a nurse, the nurse's.

    The number is hers inside the database only: a constraint can lay it beside a range of time.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role in ('nurse', 'lead', 'planner', 'privacy_officer')", "role"),
        CheckConstraint("(bydel is not null) = (role in ('nurse', 'lead'))", "bydel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    bydel: Mapped[str | None] = mapped_column(String(2), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    created_at: Mapped[instant]
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))


class BearerRecord(Base):
    """What whoever brings a secret is known by; the secret itself is not kept."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[instant]
    expires_at: Mapped[instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PageSession(BearerRecord):
    """A browser that somebody has signed in with."""

    __tablename__ = "session"

    last_seen_at: Mapped[instant]


class AccessToken(BearerRecord):
    """A short-lived token of the API."""

    __tablename__ = "access_token"

    sign_in_id: Mapped[UUID | None]
    """The token that the password gave, where this one carries that sign-in on. No foreign key:
    the first of them is forgotten before the last."""


class SignInAttempts(Base):
    """Failed attempts in a row, by the digest of a name, an address or both."""

    __tablename__ = "sign_in_attempts"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[instant]
    blocked_until: Mapped[instant]
