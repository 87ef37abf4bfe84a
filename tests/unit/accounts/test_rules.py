"""How long a sign-in lasts, how long one waits, and which accounts can be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.accounts.rules import PATIENCE, Lifetimes, check_account, username_of
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@given(st.sampled_from(sorted(PATIENCE)), st.integers(0, 10_000))
def test_a_wait_never_shrinks_with_more_failures_and_has_an_end(kind, failures):
    patience = PATIENCE[kind]
    assert timedelta(0) <= patience.wait_after(failures) <= patience.wait_after(failures + 1)
    assert patience.wait_after(failures) <= patience.longest


def test_the_fifth_failure_is_the_first_that_one_waits_for():
    waits = [PATIENCE["pair"].wait_after(n).total_seconds() for n in range(4, 10)]
    assert waits == [0, 1, 2, 4, 8, 16]


def test_nobody_can_lock_a_name_out_for_more_than_half_a_minute():
    assert PATIENCE["username"].wait_after(10_000) == timedelta(seconds=30)


def test_a_session_lives_until_the_first_of_its_two_ends():
    lives, minute = Lifetimes().session_lives, timedelta(minutes=1)
    assert lives(NOW, NOW - 14 * minute, NOW + minute)
    assert not lives(NOW, NOW - 15 * minute, NOW + minute)
    assert not lives(NOW, NOW, NOW)


@pytest.mark.parametrize(
    "username", ["", "a", "Å", "kari nordmann", "kari@oslo", ".kari", "a" * 65, "kari\n", "ка́ри"]
)
def test_a_username_has_plain_letters(username):
    with pytest.raises(RuleBroken) as refused:
        check_account(username, Role.PLANNER, None)
    assert refused.value.code == "username"


def test_a_username_is_the_same_in_any_case():
    assert username_of("  Stovner.Leder ") == "stovner.leder"


@pytest.mark.parametrize(
    ("role", "bydel"),
    [(Role.NURSE, None), (Role.LEAD, None), (Role.PLANNER, "11"), (Role.PRIVACY_OFFICER, "11")],
)
def test_an_account_has_the_bydel_that_its_role_needs(role, bydel):
    with pytest.raises(RuleBroken) as refused:
        check_account("somebody", role, bydel)
    assert refused.value.code == "account-bydel"
