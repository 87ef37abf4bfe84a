"""What texts say, in every language, and what none of them can say."""

from datetime import UTC, datetime

import pytest

from nyefamilier.kernel.toml import Unreadable
from nyefamilier.texts.states import Kind
from nyefamilier.texts.wording import (
    MOST_CHARS,
    Direction,
    read_templates,
    template_in,
    templates,
    words_of,
)

AT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # in Oslo the 29th, half past midnight
EVERY = [(code, kind) for code in templates() for kind in Kind]


@pytest.mark.parametrize(("code", "kind"), EVERY)
def test_every_text_is_short_and_names_its_day_in_oslo(code, kind):
    for contact in (None, "21 80 21 80"):
        words = words_of(kind, AT, code, contact)
        assert len(words) <= MOST_CHARS
        assert "29" in words
        assert ("00:30" in words) == (kind is not Kind.THANKS)
        assert "{" not in words
        assert (contact or "") in words


@pytest.mark.parametrize(("code", "kind"), EVERY)
def test_no_text_is_cheerful_or_shouts(code, kind):
    words = words_of(kind, AT, code)
    assert not set("!؛😀🎉") & set(words)


HEALTH = (
    "gravid", "svangerskap", "baby", "barn", "fødsel", "mødre", "foreld", "helse", "besøk", "tolk",
    "pregnan", "birth", "child", "health", "visit", "home", "nurse", "hjem", "sykepleier",
)  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_no_text_tells_of_health_a_place_or_the_reason_of_a_visit(code, kind):
    words = words_of(kind, AT, code).lower().split()
    assert [one for one in words if one.startswith(HEALTH)] == []


def test_the_languages_that_the_programme_meets_are_there_and_translations_are_marked():
    reviewed = {code: one.reviewed for code, one in templates().items()}
    own, translated = {"nb", "nn", "en"}, {"pl", "so", "ur", "ar", "ta"}
    assert reviewed == dict.fromkeys(own, True) | dict.fromkeys(translated, False)


def test_what_is_written_from_right_to_left_keeps_its_digits_in_order():
    for code in ("ur", "ar"):
        words = words_of(Kind.REMINDER, AT, code, "21 80 21 80")
        assert templates()[code].direction is Direction.RIGHT_TO_LEFT
        assert words.startswith("\u200f")
        assert "\u206600:30\u2069" in words
        assert "\u206621 80 21 80\u2069" in words


def test_what_is_written_from_left_to_right_has_no_marks_in_it():
    assert not set("\u200f\u2066\u2069") & set(words_of(Kind.REMINDER, AT, "pl"))


@pytest.mark.parametrize(
    ("told", "code"),
    [("so", "so"), ("EN-gb", "en"), ("ar_SY", "ar"), ("vi", "nb"), ("", "nb"), (None, "nb")],
)
def test_whoever_speaks_another_language_gets_bokmal(told, code):
    assert template_in(told).language == code


WHOLE = """
[nb]
reviewed = true
direction = "ltr"
day = "EEEE d. MMMM"
preparation = "{day} {time} {reach}"
reminder = "{day}"
changed = "{day}"
thanks = "{day}"
reach_number = "{number}"
reach_nurse = "Si fra."
"""


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("{day} {time} {reach}", "{name}", "asks for 'name'"),
        ("{day} {time} {reach}", "{day!r}", "asks for 'day'"),
        ("{number}", "{day}", "asks for 'day'"),
        ("[nb]", "[nn]", "no words in nb"),
        ('thanks = "{day}"', "", "thanks missing"),
        ('thanks = "{day}"', 'thanks = "{day}"\nbirthday = "x"', "birthday not known"),
        ('"ltr"', '"up"', "direction is one of"),
    ],
)
def test_words_that_ask_for_more_than_a_text_may_say_are_not_read(before, after, why):
    assert "nb" in read_templates(WHOLE)
    with pytest.raises(Unreadable, match=why):
        read_templates(WHOLE.replace(before, after))
