"""Whatever bytes come, each decoder refuses them as it declares, and nothing changed opens."""

import json

import pytest

from nyefamilier.vault.ring import NotAKeyring, parse
from tests.sealing import fuzzing
from tests.sealing.figures import Figure, tell

SHARES = list(fuzzing.shares(fuzzing.wanted()))


@pytest.mark.parametrize(("decoder", "count"), SHARES, ids=lambda one: getattr(one, "name", ""))
def test_nothing_is_raised_but_what_is_declared(decoder, count, record_property):
    assert all(decoder.read(one) is not False for one in decoder.right)
    outcome = fuzzing.fuzz(decoder, count, seed=1)
    got = f"{outcome.tried:,} tried, {outcome.taken:,} taken, {len(outcome.wrong)} wrong"
    tell(record_property, Figure(4, f"Damaged: {decoder.name}", got))
    assert outcome.wrong[:5] == []
    assert outcome.tried > count * 0.8


def test_how_many_there_were(record_property):
    count = sum(one for _, one in SHARES)
    tell(record_property, Figure(4, "All of these", f"{count:,} values", "≥ 10,000,000"))
    assert count >= fuzzing.wanted() * 0.99


def test_a_decoder_that_raises_something_else_is_found():
    careless = fuzzing.Decoder("careless", json.loads, NotAKeyring, (b'{"a": 1}',), 1)
    assert fuzzing.fuzz(careless, 100, seed=1).wrong


def test_a_decoder_that_opens_what_was_changed_is_found():
    trusting = fuzzing.Decoder("trusting", len, NotAKeyring, (b"sealed",), 1, opens=True)
    assert fuzzing.fuzz(trusting, 100, seed=1).wrong


@pytest.mark.parametrize("nested", [b"[" * 100_000, b'{"a":' * 100_000])
def test_a_keyring_file_of_brackets_is_refused_as_any_other(nested):
    with pytest.raises(NotAKeyring):
        parse(nested)
