"""Accounts, sign-ins and sessions on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from config.settings import Settings
from nyefamilier.accounts import passwords, sessions
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import (
    Attempt,
    LocalAccounts,
    NewAccount,
    accounts,
    change_password,
    create_account,
    disable_account,
    display_names,
    make_demo_accounts,
    sign_in,
)
from nyefamilier.bootstrap import assemble
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, NotSignedIn, TooMany
from nyefamilier.kernel.ids import BydelNumber, UserId
from nyefamilier.storage.base import Base
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.builders import HandClock, nurse

PASSWORD = "fire ganske vanlige ord"
STOVNER = BydelNumber("11")
TABLES = ("account", "session", "access_token", "sign_in_attempts")


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def programme(fresh_database, tmp_path, clock):
    """A programme in which nobody has an account yet."""
    engine = fresh_database(empty=True)
    Base.metadata.create_all(engine, [Base.metadata.tables[name] for name in TABLES])
    vault = Vault(LocalKeyring.open(tmp_path / "keyring.json"), "test")
    return assemble(Settings(environment="test"), engine, vault, clock)


def new(username="kari", role=Role.NURSE, bydel=STOVNER):
    return NewAccount(username, "Rask Bjørk", role, bydel, PASSWORD)


def attempt(programme, password=PASSWORD, username="kari", address="192.0.2.1"):
    with programme.work(SYSTEM, "test") as work:
        return sign_in(work, Attempt(username, password, address))


def test_an_account_is_opened_by_the_programme_only(programme):
    with programme.work(nurse(uuid4()), "test") as work, pytest.raises(NotAllowed):
        create_account(work, new())


def test_a_name_belongs_to_one_account_in_any_case(programme):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new("kari"))
        with pytest.raises(Conflict):
            create_account(work, new("KARI "))


def test_the_right_password_signs_in_in_any_case_of_the_name(programme):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
    assert attempt(programme, username=" KARI ") == made


def test_a_failed_attempt_is_remembered_although_it_is_refused(programme):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new())
    for _ in range(5):
        assert isinstance(attempt(programme, "feil passord her"), NotSignedIn)
    assert isinstance(attempt(programme), TooMany)


def test_guesses_side_by_side_are_counted_one_by_one(programme):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new())
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: attempt(programme, "feil passord her"), range(40)))
    checked = [one for one in told if isinstance(one, NotSignedIn)]
    assert len(checked) <= 5
    assert all(isinstance(one, NotSignedIn | TooMany) for one in told)


def test_guessing_one_name_from_many_addresses_is_slowed_and_not_locked(programme, clock):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new())
    told = [attempt(programme, "feil passord her", address=f"192.0.2.{n}") for n in range(60)]
    assert isinstance(told[-1], TooMany)
    assert told[-1].wait <= timedelta(seconds=31)
    clock.forward(seconds=31)
    assert isinstance(attempt(programme), AccountIdentity)


def test_guessing_many_names_from_one_address_is_slowed(programme):
    told = [attempt(programme, "feil passord her", username=f"navn{n}") for n in range(60)]
    assert isinstance(told[-1], TooMany)


def test_an_old_hash_is_renewed_at_the_next_sign_in(programme):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new())
        old = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
        work.session.execute(text("update account set password_hash = :old"), {"old": old})
    assert isinstance(attempt(programme), AccountIdentity)
    with programme.work(SYSTEM, "test") as work:
        kept = work.session.scalar(text("select password_hash from account"))
    assert not passwords.is_outdated(kept)


def test_another_provider_may_vouch_for_somebody(programme):
    class Vouching:
        def verify(self, _username, password):
            return made if password == "kode" else None

    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        assert sign_in(work, Attempt("hvem som helst", "kode", "::1"), Vouching()) == made


def test_a_changed_password_ends_what_the_old_one_opened(programme):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        cookie = sessions.open_session(work, made.id, Lifetimes()).secret
        token = sessions.issue_token(work, made.id, Lifetimes()).secret
    with programme.work(SYSTEM, "test") as work:
        change_password(work, "kari", "et annet langt passord")
    with programme.work(SYSTEM, "test") as work:
        with pytest.raises(NotSignedIn):
            sessions.account_of_session(work, cookie, Lifetimes())
        with pytest.raises(NotSignedIn), programme.glance(SYSTEM) as glance:
            sessions.account_of_token(glance, token)
        assert LocalAccounts(work.session).verify("kari", PASSWORD) is None


def test_a_disabled_account_neither_signs_in_nor_is_listed(programme):
    with programme.work(SYSTEM, "test") as work:
        create_account(work, new())
        disable_account(work, "kari")
        assert accounts(work) == ()
        assert len(accounts(work, active_only=False)) == 1
        with pytest.raises(NotFound):
            disable_account(work, "finnes.ikke")
    assert isinstance(attempt(programme), NotSignedIn)


def test_colleagues_have_names_and_strangers_have_none(programme):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        names = display_names(work.session, [made.id, UserId(uuid4())])
    assert names == {made.id: "Rask Bjørk"}


def test_a_demonstration_has_somebody_of_each_role_and_is_opened_once(programme):
    with programme.work(SYSTEM, "test") as work:
        made = make_demo_accounts(work)
        assert make_demo_accounts(work) == []
        listed = accounts(work)
        in_three = [
            len(accounts(work, bydel=BydelNumber(number), role=Role.NURSE))
            for number in ("02", "11", "12")
        ]
    assert {role for _, _, role in made} == set(Role) - {Role.SYSTEM}
    assert in_three == [3, 3, 3]
    assert [one.username for one in listed] == sorted(username for username, _, _ in made)
    username, password, _ = made[0]
    assert isinstance(attempt(programme, password, username), AccountIdentity)
    assert len({password for _, password, _ in made}) == len(made)


def test_a_session_that_is_read_often_is_seldom_written(programme, clock):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        cookie = sessions.open_session(work, made.id, Lifetimes()).secret
    seen = set()
    for _ in range(10):
        clock.forward(seconds=4)
        with programme.work(SYSTEM, "test") as work:
            sessions.account_of_session(work, cookie, Lifetimes())
        with programme.work(SYSTEM, "test") as work:
            seen.add(work.session.scalar(text("select last_seen_at from session")))
    assert len(seen) == 3


def test_what_is_long_over_is_forgotten(programme, clock):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        sessions.open_session(work, made.id, Lifetimes())
        sessions.issue_token(work, made.id, Lifetimes())
    attempt(programme, "feil passord her")
    clock.forward(days=32)
    with programme.work(SYSTEM, "test") as work:
        sessions.forget_old(work)
        for table in ("session", "access_token", "sign_in_attempts"):
            assert work.session.scalar(text(f"select count(*) from {table}")) == 0  # noqa: S608


def test_a_bearer_is_not_shown_by_its_repr(programme):
    with programme.work(SYSTEM, "test") as work:
        made = create_account(work, new())
        bearer = sessions.open_session(work, made.id, Lifetimes())
    assert bearer.secret not in repr(bearer)
