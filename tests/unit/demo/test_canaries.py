"""The searcher finds what lies in the clear, and nothing else."""

import base64
import hashlib
from io import BytesIO

import pytest

from tests import canaries
from tests.canaries import Searcher, forms

WORD = "kanaribåkgø"
WORDS = {"note": [WORD, "kanarixyz", "kanarixyzzy"], "national id": ["17894312345"]}


@pytest.fixture
def searcher() -> Searcher:
    return Searcher(WORDS)


@pytest.mark.parametrize("form", sorted(forms(WORD)))
def test_a_word_is_found_in_each_form(searcher, form):
    found = searcher.hits(BytesIO(b"\x00\xff" + forms(WORD)[form] + b"rest"))

    assert {hit.word for hit in found} == {WORD}


@pytest.mark.parametrize("before", range(6))
def test_a_word_is_found_in_base64_wherever_it_lies_in_the_text(searcher, before):
    text = base64.b64encode(b"x" * before + WORD.encode() + b" og mer")

    assert {hit.word for hit in searcher.hits(BytesIO(text))} == {WORD}


def test_a_word_that_begins_another_is_told_apart(searcher):
    found = searcher.hits(BytesIO(b"kanarixyz kanarixyzzy"))

    assert {hit.word for hit in found} == {"kanarixyz", "kanarixyzzy"}


@pytest.mark.parametrize("cut", range(len(WORD.encode()) + 1))
def test_a_word_across_two_reads_is_found_once(searcher, monkeypatch, cut):
    monkeypatch.setattr(canaries, "CHUNK", 64)
    text = b"-" * (64 - cut) + WORD.encode() + b"-" * 200

    found = searcher.hits(BytesIO(text))

    assert found.total() == 1


def test_nothing_is_found_where_nothing_is(searcher):
    noise = hashlib.shake_256(b"noise").digest(200_000)

    assert not searcher.hits(BytesIO(noise + noise.hex().encode() + base64.b64encode(noise)))
