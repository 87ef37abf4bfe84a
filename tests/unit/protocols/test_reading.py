"""Protocols are read in full or not at all."""

from __future__ import annotations

import re

import pytest

from nyefamilier.kernel.toml import Unreadable
from nyefamilier.protocols.reading import (
    packaged_additions,
    packaged_protocols,
    read_addition,
    read_protocol,
)

HEAD = """
programme = "p"
version = "1"
valid_from = 2026-01-01
name = { nb = "P", en = "P" }
source = "test"
"""
VISIT = """
[[visit]]
kind = "one"
name = { nb = "En", en = "One" }
anchor = "birth"
opens = 7
ideal = 8
closes = 10
role = "anchor"
counts_as = ["programvisit"]
source = "test"
"""
RHYTHM = """
[[rhythm]]
kind = "again"
name = { nb = "Igjen", en = "Again" }
anchor = "agreed"
first = 0
last = 21
every = 7
slack = 3
counts_as = []
source = "test"
"""
WHOLE = HEAD + VISIT + RHYTHM


def test_a_visit_is_read_with_all_its_words():
    visit = read_protocol(
        WHOLE.replace(
            "[[rhythm]]",
            'ends_at_birth = true\nafter_homecoming = 14\nwho = ["lege"]\nvaccines = ["MMR"]\n'
            'form = "gruppe"\n[[rhythm]]',
        )
    ).visit("one")
    assert (visit.opens, visit.ideal, visit.closes) == (7, 8, 10)
    assert (visit.ends_at_birth, visit.after_homecoming) == (True, 14)
    assert (visit.who, visit.vaccines, visit.form) == (("lege",), ("MMR",), "gruppe")


def test_a_rhythm_is_a_row_of_visits_with_stable_names():
    visits = read_protocol(WHOLE).visits[1:]
    assert [visit.kind for visit in visits] == ["again_01", "again_02", "again_03", "again_04"]
    assert [(visit.opens, visit.ideal, visit.closes) for visit in visits] == [
        (-3, 0, 3),
        (4, 7, 10),
        (11, 14, 17),
        (18, 21, 24),
    ]


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("valid_from = 2026-01-01", "", "the protocol: valid_from missing"),
        ('version = "1"', 'version = "1"\nowner = "x"', "the protocol: owner not known here"),
        ('{ nb = "P", en = "P" }', '{ nb = "P" }', "the protocol, name: en is a text"),
        ("opens = 7", "", "visit one: opens missing"),
        ("opens = 7", "opens = 9", "visit one: it opens, is ideal and closes in that order"),
        ("opens = 7", 'opens = "7"', "visit one: opens is a whole number"),
        ('"birth"', '"moon"', "visit one: anchor is one of term, birth, homecoming, agreed"),
        ('"anchor"', '"due"', "visit one: role is one of anchor, rhythm, consultation"),
        ('"programvisit"', '"reach"', "visit one: counts_as has unknown reach"),
        ('kind = "one"', 'kind = "One!"', "a kind is 3 to 60 of a-z, 0-9 and _"),
        ('source = "test"\n\n[[rhythm]]', "\n[[rhythm]]", "visit one: source missing"),
        ('source = "test"\n\n[[rhythm]]', 'source = ""\n[[rhythm]]', "visit one: source is a text"),
        ('kind = "one"', 'kind = "again_02"', "again_02 is there twice"),
        ("every = 7", "every = 0", "rhythm again: every is at least 1"),
        ("last = 21", "last = -1", "last not before first"),
        ("slack = 3", "slack = -1", "slack not negative"),
        (VISIT + RHYTHM, "", "there is no [[visit]] and no [[rhythm]]"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(good, bad, says):
    assert good in WHOLE
    with pytest.raises(Unreadable, match=re.escape(says)):
        read_protocol(WHOLE.replace(good, bad, 1))


ADDITION = 'bydel = "11"\nprogramme = "p"\nsource = "test"\n' + VISIT.replace('"one"', '"b11_one"')


def test_an_addition_is_read():
    addition = read_addition(ADDITION)
    assert (addition.bydel, [visit.kind for visit in addition.visits]) == ("11", ["b11_one"])


@pytest.mark.parametrize("word", ['remove = ["nyfodt"]', "override = true", "most_visits = 9"])
def test_an_addition_has_no_word_for_taking_away(word):
    with pytest.raises(Unreadable, match="not known here"):
        read_addition(word + "\n" + ADDITION)


def test_an_additions_visits_bear_the_bydels_mark():
    with pytest.raises(Unreadable, match="begins with b11_"):
        read_addition(ADDITION.replace("b11_one", "b12_one"))


def test_every_packaged_visit_has_a_source_and_two_names():
    visits = [visit for protocol in packaged_protocols() for visit in protocol.visits]
    visits += [visit for addition in packaged_additions() for visit in addition.visits]
    assert len(visits) > 90
    assert all(visit.source and visit.name_nb and visit.name_en for visit in visits)
