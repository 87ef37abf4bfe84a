"""Bearer secrets are long, random, and stored as digests only."""

import hashlib
from uuid import uuid4

from nyefamilier.accounts.bearers import attempt_digest, digest_of, new_bearer
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import Attempt, NewAccount
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import UserId


def test_a_secret_has_256_bits():
    assert len({new_bearer() for _ in range(1000)}) == 1000
    assert all(len(new_bearer()) == 43 for _ in range(10))


def test_a_digest_is_sha_256():
    assert digest_of("abc") == hashlib.sha256(b"abc").digest()


def test_a_name_and_an_address_cannot_run_into_each_other():
    assert attempt_digest("pair", "ab", "c") != attempt_digest("pair", "a", "bc")


def test_nothing_that_holds_a_password_shows_it():
    assert "hemmelig" not in repr(Attempt("kari", "hemmelig", "::1"))
    assert "hemmelig" not in repr(NewAccount("kari", "Kari", Role.PLANNER, None, "hemmelig"))


def test_an_identity_acts_as_itself():
    who = UserId(uuid4())
    actor = AccountIdentity(who, "kari", "Kari", Role.PLANNER, None).actor
    assert (actor.id, actor.role, actor.bydel) == (who, Role.PLANNER, None)
