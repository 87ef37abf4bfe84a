"""TOML is read strictly."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from nyefamilier.kernel.toml import Unreadable, parse


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def test_every_kind_of_value_is_read():
    section = parse(
        """
        text = "t"
        day = 2016-08-01
        whole = -84
        flag = true
        word = "blue"
        texts = ["a", "b"]
        [inner]
        nb = "å"
        [[rows]]
        kind = "first"
        """,
        "it",
    )
    assert section.text("text") == "t"
    assert section.day("day") == date(2016, 8, 1)
    assert section.whole("whole") == -84
    assert section.flag("flag") is True
    assert section.word("word", Colour) is Colour.BLUE
    assert section.texts("texts") == ("a", "b")
    assert section.section("inner").text("nb") == "å"
    assert [row.where for row in section.sections("rows")] == ["rows first"]


def test_what_may_be_left_out_is_empty():
    section = parse("", "it")
    assert (section.flag("x"), section.texts("x"), section.sections("x")) == (False, (), ())


@pytest.mark.parametrize(
    ("read", "written", "says"),
    [
        ("text", "x = 1", "it: x is a text with words in it"),
        ("text", 'x = " "', "x is a text with words in it"),
        ("text", "", "x is a text with words in it"),
        ("day", "x = 2016-08-01T00:00:00", "x is a day"),
        ("day", 'x = "2016-08-01"', "x is a day"),
        ("whole", "x = true", "x is a whole number"),
        ("whole", "x = 1.0", "x is a whole number"),
        ("whole", "x = 2558", "x is a whole number up to 2557"),
        ("flag", "x = 1", "x is true or false"),
        ("texts", 'x = "a"', "x is a list of texts"),
        ("texts", "x = [1]", "x is a list of texts"),
        ("section", "x = 1", "x is a table of its own"),
        ("sections", "[x]", "x is written [[x]], once for each"),
        ("sections", "x = [1]", "x is written [[x]], once for each"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_name(read, written, says):
    section = parse(written, "it")
    with pytest.raises(Unreadable) as caught:
        getattr(section, read)("x")
    assert says in str(caught.value)


def test_a_word_outside_the_set_is_refused_with_the_set():
    with pytest.raises(Unreadable, match="x is one of red, blue"):
        parse('x = "green"', "it").word("x", Colour)


def test_missing_and_unknown_words_are_told():
    section = parse("a = 1\nc = 2", "it")
    section.require({"a"}, {"c"})
    with pytest.raises(Unreadable, match="it: b missing"):
        section.require({"a", "b"}, {"c"})
    with pytest.raises(Unreadable, match="it: c not known here"):
        section.require({"a"}, set())


def test_what_is_no_toml_says_so():
    with pytest.raises(Unreadable, match="it: not TOML"):
        parse("x = ", "it")
