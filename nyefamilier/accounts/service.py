"""Accounts: signing in, and who works where.

A failed attempt has to be remembered although it is refused, so `sign_in` *returns* its refusal:
the doorway leaves its work, which commits, and raises afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from nyefamilier.accounts import bearers, passwords, store
from nyefamilier.accounts.identity import AccountIdentity, IdentityProvider
from nyefamilier.accounts.rules import FORGET_AFTER, PATIENCE, check_account, username_of
from nyefamilier.accounts.sessions import identity_of
from nyefamilier.accounts.tables import Account
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RuleBroken,
    TooMany,
)
from nyefamilier.kernel.ids import BydelNumber, UserId, new_id
from nyefamilier.storage.work import Work

DEMO_BYDELER = {"02": "Grünerløkka", "11": "Stovner", "12": "Alna"}
"""Where a demonstration's sign-ins are: three nurses and a lead in each."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's attempt to sign in, and the address that it came from."""

    username: str
    password: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What it takes to open an account. Without a password nobody can sign in until it gets one."""

    username: str
    display_name: str
    role: Role
    bydel: BydelNumber | None
    password: str | None = field(repr=False)


class LocalAccounts:
    """The identity provider that looks into our own table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def verify(self, username: str, password: str) -> AccountIdentity | None:
        """The identity, or None. A name that nobody has costs a hash as well."""
        account = store.account_named(self._session, username_of(username))
        known = account.password_hash if account is not None and account.active else None
        if known == passwords.LOCKED:
            known = None  # or the answer would come sooner than another refusal
        if not passwords.matches(known, password) or account is None:
            return None
        if passwords.is_outdated(account.password_hash):
            account.password_hash = passwords.hash_password(password)
        return identity_of(account)


def sign_in(
    work: Work, attempt: Attempt, provider: IdentityProvider | None = None
) -> AccountIdentity | NotSignedIn | TooMany:
    """Who it is, or why not. The answer is the same for a wrong name and a wrong password."""
    keys = _attempt_keys(attempt)
    refusal = _must_wait(work, keys)
    if refusal is not None:
        return refusal
    identity = (provider or LocalAccounts(work.session)).verify(attempt.username, attempt.password)
    if identity is None:
        _remember_failure(work, keys)
        return NotSignedIn(
            "sign-in-failed", "The username or the password is wrong. Check both and try again."
        )
    store.forget_attempts(work.session, (keys["pair"],))
    return identity


def create_account(work: Work, new: NewAccount) -> AccountIdentity:
    """Open an account.

    Raises:
        NotAllowed: the actor is not the programme itself.
        RuleBroken: the name, the password or the bydel is not fit.
        Conflict: somebody has the name already.
    """
    _only_the_programme(work)
    username = username_of(new.username)
    check_account(username, new.role, new.bydel)
    if store.account_named(work.session, username) is not None:
        raise Conflict("username-taken", "Somebody has this username. Choose another.")
    account = Account(
        id=new_id(work.now),
        username=username,
        display_name=new.display_name,
        role=new.role.value,
        bydel=new.bydel,
        password_hash=_hash_of(new.password),
        active=True,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    return identity_of(account)


def change_password(work: Work, username: str, password: str) -> None:
    """Set a new password and end everything that was signed in with the old one.

    Raises:
        NotAllowed: the actor is not the programme itself.
        NotFound: there is no such account.
        RuleBroken: the password is too short or too long.
    """
    account = _account_to_change(work, username)
    account.password_hash = passwords.hash_password(password)
    store.end_all_bearers(work.session, account.id, work.now)


def disable_account(work: Work, username: str) -> None:
    """Close an account. Whoever is signed in to it is out at the very next request.

    Raises:
        NotAllowed: the actor is not the programme itself.
        NotFound: there is no such account.
    """
    account = _account_to_change(work, username)
    account.active = False
    store.end_all_bearers(work.session, account.id, work.now)


def accounts(
    work: Work,
    *,
    bydel: BydelNumber | None = None,
    role: Role | None = None,
    active_only: bool = True,
) -> tuple[AccountIdentity, ...]:
    """Accounts by username."""
    rows = store.all_accounts(work.session, bydel=bydel, role=role, active_only=active_only)
    return tuple(identity_of(row) for row in rows)


def require_nurse(session: Session, nurse_id: UserId, pointer: str) -> None:
    """Refuse a team with somebody in it who is no active nurse.

    Raises:
        RuleBroken: ``unknown-nurse``.
    """
    if active_nurse(session, nurse_id) is None:
        raise RuleBroken("unknown-nurse", "There is no active nurse with this id.", pointer=pointer)


def active_nurse(session: Session, nurse_id: UUID) -> AccountIdentity | None:
    """The nurse with this id, if she works here; None for anybody else."""
    account = session.get(Account, nurse_id)
    if account is None or not account.active or account.role != Role.NURSE:
        return None
    return identity_of(account)


def is_other_staff(session: Session, account_id: UUID) -> bool:
    """Whether somebody works here as something else than a nurse."""
    account = session.get(Account, account_id)
    return account is not None and account.active and account.role != Role.NURSE


def actor_of(session: Session, account_id: UserId) -> Actor:
    """Whoever has the account, as the one who asks: for doing later what she asked for before."""
    return identity_of(session.get_one(Account, account_id)).actor


def display_names(session: Session, ids: Sequence[UserId]) -> dict[UserId, str]:
    """The names of colleagues, for a screen. An id that nobody has is left out."""
    return {UserId(row.id): row.display_name for row in store.accounts_of(session, ids)}


def make_demo_accounts(work: Work) -> list[tuple[str, str, Role]]:
    """Open the accounts of a demonstration, if nobody can sign in yet.

    Returns:
        Username, password and role of each. The passwords are random and not kept anywhere: this
        is the only time that they can be shown.

    Raises:
        NotAllowed: the actor is not the programme itself.
    """
    if not nobody_signs_in(work.session):
        return []
    made = []
    for username, display_name, role, bydel in _demo_people():
        password = passwords.random_password()
        locked = store.account_named(work.session, username)
        if locked is None:
            create_account(work, NewAccount(username, display_name, role, bydel, password))
        else:
            locked.password_hash = passwords.hash_password(password)
        made.append((username, password, role))
    return made


def nobody_signs_in(session: Session) -> bool:
    """Whether there is no account with a password: what a first start finds."""
    known = store.all_accounts(session, bydel=None, role=None, active_only=False)
    return all(account.password_hash == passwords.LOCKED for account in known)


def demo_slug(name: str) -> str:
    """How a demonstration's usernames in a bydel begin: ``grunerlokka``, ``sthanshaugen``."""
    plain = name.lower().translate(str.maketrans("üøåæ", "uoaa"))
    return "".join(letter for letter in plain if letter.isalpha())


def _demo_people() -> list[tuple[str, str, Role, BydelNumber | None]]:
    people: list[tuple[str, str, Role, BydelNumber | None]] = []
    for number, name in DEMO_BYDELER.items():
        slug, bydel = demo_slug(name), BydelNumber(number)
        people += [
            (f"{slug}{i}", f"Helsesykepleier {i}, {name}", Role.NURSE, bydel) for i in (1, 2, 3)
        ]
        people.append((f"{slug}.leder", f"Fagleder, {name}", Role.LEAD, bydel))
    people.append(("planlegger", "Planlegger, Helseetaten", Role.PLANNER, None))
    people.append(("personvern", "Personvernombud", Role.PRIVACY_OFFICER, None))
    return people


def wait_after_misses(work: Work, what: str, who: str) -> timedelta:
    """How long somebody has to wait who guessed at *what* too often. See `remember_miss`."""
    key = bearers.attempt_digest(what, who)
    if not store.hold_attempts(work.session, key):
        return timedelta(seconds=1)
    until = store.blocked_until(work.session, [key])
    return max(until - work.now, timedelta(0)) if until is not None else timedelta(0)


def remember_miss(work: Work, what: str, who: str) -> None:
    """Remember that somebody asked for what is not there; *what* has its own `PATIENCE`."""
    _remember_failure(work, {what: bearers.attempt_digest(what, who)})


def _attempt_keys(attempt: Attempt) -> dict[str, bytes]:
    username = username_of(attempt.username)
    return {
        "pair": bearers.attempt_digest("pair", username, attempt.address),
        "address": bearers.attempt_digest("address", attempt.address),
        "username": bearers.attempt_digest("username", username),
    }


def _must_wait(work: Work, keys: dict[str, bytes]) -> TooMany | None:
    # Guesses side by side would each see the count from before the others.
    if not store.hold_attempts(work.session, keys["pair"]):
        return _too_many(seconds=1)
    until = store.blocked_until(work.session, keys.values())
    if until is None or until <= work.now:
        return None
    return _too_many(seconds=int((until - work.now).total_seconds()) + 1)


def _too_many(seconds: int) -> TooMany:
    return TooMany(
        "sign-in-too-often",
        f"There have been too many attempts to sign in. Wait {seconds} seconds and try again.",
        wait=timedelta(seconds=seconds),
    )


def _remember_failure(work: Work, keys: dict[str, bytes]) -> None:
    for kind, key in keys.items():
        failures = store.count_failure(work.session, key, work.now, work.now - FORGET_AFTER)
        wait = PATIENCE[kind].wait_after(failures)
        store.block(work.session, key, work.now + wait)


def _hash_of(password: str | None) -> str:
    return passwords.LOCKED if password is None else passwords.hash_password(password)


def _account_to_change(work: Work, username: str) -> Account:
    _only_the_programme(work)
    account = store.account_named(work.session, username_of(username))
    if account is None:
        raise NotFound("account")
    return account


def _only_the_programme(work: Work) -> None:
    if work.actor != SYSTEM:
        raise NotAllowed("Accounts are opened and closed on the command line only.")
