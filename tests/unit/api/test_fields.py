"""The fields of request bodies: what they take, and the code of what they refuse."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from api.fields import (
    Clock,
    Day,
    Flag,
    Id,
    Instant,
    Many,
    Part,
    QueryFlag,
    QueryWhole,
    Schema,
    Secret,
    StrEnumField,
    Text,
    Whole,
)


class Colour(StrEnum):
    RED = "rød"
    BLUE = "blå"


class Inner(Schema):
    name = Text(10, required=True)


class Everything(Schema):
    parts = Many(Part(Inner), at_most=2)


def code_of(field, value):
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    return refused.value.messages[0].code


def test_text_is_normalised_and_trimmed():
    assert Text(10).deserialize("  A\u030ase ") == "Åse"


@pytest.mark.parametrize("value", [1, True, None, [], {}, 1.5, b"x"])
def test_text_is_text(value):
    assert code_of(Text(10), value) in {"wrong-type", "null"}


@pytest.mark.parametrize(
    "value", ["a\x00", "a\x1b", "a\nb", "a\u202eb", "a\u2066b", "a\u200bb", "a\ufeffb", "a\u2028b"]
)
def test_a_name_holds_no_character_that_is_not_seen(value):
    assert code_of(Text(10), value) == "unfit-character"


@pytest.mark.parametrize("value", ["a\x00", "a\u202eb", "a\x7f"])
def test_a_note_holds_none_that_controls(value):
    assert code_of(Text(10, lines=True), value) == "unfit-character"


def test_a_note_keeps_its_lines_and_its_emoji():
    family = "👩\u200d👩\u200d👧"
    assert Text(20, lines=True).deserialize(f"en\r\nto\t{family}") == f"en\nto\t{family}"


@pytest.mark.parametrize("value", ["", "   ", "x" * 11])
def test_text_has_a_length(value):
    assert code_of(Text(10), value) == "text-length"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_text_that_is_taken_once_is_taken_again_unchanged(value):
    field = Text(30, lines=True)
    try:
        once = field.deserialize(value)
    except ValidationError:
        return
    assert field.deserialize(once) == once


def test_a_password_is_taken_exactly_as_typed_and_never_shown():
    assert Secret(20).deserialize("  A\u030a ") == "  A\u030a "
    assert Secret(20).load_only


@pytest.mark.parametrize("value", [True, False, "5", 5.0, None, [5]])
def test_an_integer_is_an_integer(value):
    assert code_of(Whole(0, 10), value) in {"wrong-type", "null"}


@pytest.mark.parametrize("value", [-1, 11, 2**53])
def test_an_integer_has_bounds(value):
    assert code_of(Whole(0, 10), value) == "out-of-range"


def test_an_integer_in_a_query_is_digits():
    assert QueryWhole(0, 10).deserialize("7") == 7
    assert code_of(QueryWhole(0, 10), "7.0") == "wrong-type"
    assert code_of(QueryWhole(0, 10), "٧") == "wrong-type"
    assert code_of(QueryWhole(0, 10), "9" * 5000) == "wrong-type"


@pytest.mark.parametrize("value", [0, 1, "true", "yes", None])
def test_a_flag_is_true_or_false(value):
    assert code_of(Flag(), value) in {"wrong-type", "null"}


def test_a_flag_in_a_query_is_a_word():
    assert QueryFlag().deserialize("true") is True
    assert QueryFlag().deserialize("false") is False
    assert code_of(QueryFlag(), "1") == "wrong-type"


def test_a_day_is_a_day():
    assert Day().deserialize("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize(
    "value", ["20260228", "2026-W09-6", "2026-2-28", "2026-02-28T00:00:00", "٢٠٢٦-02-28", 20]
)
def test_a_day_has_one_form(value):
    assert code_of(Day(), value) == "wrong-type"


@pytest.mark.parametrize("value", ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10"])
def test_a_day_is_in_the_calendar(value):
    assert code_of(Day(), value) == "no-such-day"


@pytest.mark.parametrize("value", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_is_of_our_time(value):
    assert code_of(Day(), value) == "out-of-range"
    assert code_of(Instant(), f"{value}T00:00:00+14:00") == "out-of-range"


def test_a_time_of_day_is_read_and_written_in_one_form():
    assert Clock().deserialize("09:30") == time(9, 30)
    assert Clock().serialize("at", {"at": time(9, 30)}) == "09:30"


@pytest.mark.parametrize(
    "value",
    [
        "9:30",
        "09.30",
        "24:00",
        "09:60",
        "09:30:00",
        "0930",
        "09:30Z",
        "٠٩:30",
        "09:30\n",
        930,
        None,
    ],
)
def test_what_is_no_time_of_day_is_not_guessed_at(value):
    assert code_of(Clock(), value) in {"wrong-type", "null"}


def test_an_instant_comes_out_in_utc():
    taken = Instant().deserialize("2026-11-21T09:30:00+01:00")
    assert taken == datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    assert taken.tzinfo is UTC


@pytest.mark.parametrize(
    "value", ["2026-11-21T09:30:00", "2026-11-21 09:30:00Z", "2026-11-21", "now", 1, "x" * 100_000]
)
def test_an_instant_says_its_offset(value):
    assert code_of(Instant(), value) == "wrong-type"


@pytest.mark.parametrize("value", ["2026-11-21T25:00:00Z", "2026-11-21T09:30:00+99:00"])
def test_an_instant_exists(value):
    assert code_of(Instant(), value) == "no-such-day"


def test_an_id_is_a_uuid_in_full():
    text = "0192f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55"
    assert Id().deserialize(text.upper()) == UUID(text)
    for other in (text.replace("-", ""), "{" + text + "}", f"urn:uuid:{text}", 1, text + "\n"):
        assert code_of(Id(), other) == "wrong-type"


def test_a_choice_is_one_of_its_values():
    assert StrEnumField(Colour).deserialize("rød") is Colour.RED
    for other in ("RED", "grønn", 1, None, ["rød"]):
        assert code_of(StrEnumField(Colour), other) in {"unknown-value", "null"}


def test_a_list_has_a_bound():
    assert code_of(Many(Whole(0, 9), at_most=2), [1, 2, 3]) == "list-length"
    assert code_of(Many(Whole(0, 9), at_least=1), []) == "list-length"
    assert code_of(Many(Whole(0, 9)), "123") == "wrong-type"


def test_what_is_wrong_below_is_told_below():
    with pytest.raises(ValidationError) as refused:
        Everything().load({"parts": [{"name": "ok"}, {"nmae": "x"}]})
    below = refused.value.messages["parts"][1]
    assert (below["name"][0].code, below["nmae"][0].code) == ("required", "unknown-field")
    with pytest.raises(ValidationError) as refused:
        Everything().load({"parts": ["x"]})
    assert refused.value.messages["parts"][0]["_schema"][0].code == "wrong-type"
