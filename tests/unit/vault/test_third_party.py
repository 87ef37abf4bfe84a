"""What other people say the primitives give, they give here."""

import pytest

from tests.sealing import third_party
from tests.sealing.figures import Figure, tell
from tests.sealing.third_party import SETS

ASKED = 1_500


@pytest.fixture(scope="module")
def tallies():
    return {name: run() for name, run in SETS.items()}


@pytest.mark.parametrize("name", SETS)
def test_no_vector_is_answered_wrongly(tallies, name, record_property):
    tally = tallies[name]
    tell(record_property, Figure(1, name, tally.told()))
    assert tally.wrong == []


def test_there_are_enough_of_them(tallies, record_property):
    ran = sum(tally.ran for tally in tallies.values())
    wrong = sum(len(tally.wrong) for tally in tallies.values())
    got = f"{ran:,} run, {wrong} wrong"
    tell(record_property, Figure(1, "All of these", got, f"≥ {ASKED:,}, 0 wrong"))
    assert ran >= ASKED
    assert all(tally.ran for tally in tallies.values() if not tally.is_missing)


def test_a_vector_that_lies_is_found(monkeypatch):
    def one_digit_off(package, path):
        return text_of(package, path).replace('"okm": "3cb25f25', '"okm": "3cb25f26')

    text_of = third_party.text_of
    monkeypatch.setattr(third_party, "text_of", one_digit_off)
    assert SETS["HKDF-SHA-256 (Wycheproof)"]().wrong


def test_a_named_folder_goes_before_the_packages(monkeypatch, tmp_path):
    name = "hkdf_sha256_test.json"
    (tmp_path / "testvectors_v1").mkdir()
    (tmp_path / "testvectors_v1" / name).write_text('{"testGroups": []}')
    monkeypatch.setenv(third_party.FOLDER, str(tmp_path))
    assert SETS["HKDF-SHA-256 (Wycheproof)"]().ran == 0
    assert SETS["HKDF-SHA-512 (Wycheproof)"]().ran > 0
