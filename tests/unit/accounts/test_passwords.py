"""Passwords are hashed by Argon2id and recognised however they are typed."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from nyefamilier.accounts.passwords import hash_password, is_outdated, matches, random_password
from nyefamilier.kernel.errors import RuleBroken


def test_a_hash_says_argon2id_with_our_parameters():
    found = extract_parameters(hash_password("fire vanlige ord her"))
    assert (found.type, found.memory_cost, found.time_cost) == (Type.ID, 19_456, 2)


def test_only_the_password_itself_matches():
    made = hash_password("fire vanlige ord her")
    assert matches(made, "fire vanlige ord her")
    assert not matches(made, "fire vanlige ord Her")
    assert not matches(made, "")


def test_the_same_letters_match_however_the_keyboard_composes_them():
    assert matches(hash_password("blåbærsyltetøy"), "bla\u030abærsyltetøy")


@pytest.mark.parametrize("nothing", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_no_hash_matches_nothing(nothing):
    assert not matches(nothing, "fire vanlige ord her")


def test_a_password_of_a_megabyte_is_refused_without_being_hashed_whole():
    made = hash_password("x" * 128)
    assert matches(made, "x" * 128)
    assert not matches(made, "x" * 1_000_000)


@pytest.mark.parametrize("password", ["", "kort", "x" * 11, "x" * 129])
def test_a_password_has_12_to_128_characters(password):
    with pytest.raises(RuleBroken) as refused:
        hash_password(password)
    assert refused.value.code == "password-length"


def test_a_hash_with_other_parameters_is_outdated():
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=64).hash("x"))
    assert not is_outdated(hash_password("fire vanlige ord her"))


def test_random_passwords_differ_and_are_fit():
    made = {random_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 23 and hash_password(password) for password in list(made)[:2])
