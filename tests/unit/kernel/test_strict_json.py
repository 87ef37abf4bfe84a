"""The strict JSON decoder, mostly by what it refuses."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nyefamilier.kernel.errors import Malformed
from nyefamilier.kernel.strict_json import DEEPEST, LARGEST_INTEGER, decode

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ""),
    "blank": (b"   ", ""),
    "array root": (b"[]", ""),
    "null root": (b"null", ""),
    "string root": (b'"x"', ""),
    "number root": (b"1", ""),
    "true root": (b"true", ""),
    "cut": (b'{"a": 1', ""),
    "trailing comma": (b'{"a": 1,}', ""),
    "comment": (b'{"a": 1} // x', ""),
    "two documents": (b'{"a": 1}{"a": 1}', ""),
    "single quotes": (b"{'a': 1}", ""),
    "leading zero": (b'{"a": 01}', ""),
    "plus sign": (b'{"a": +1}', ""),
    "hexadecimal": (b'{"a": 0x1}', ""),
    "raw newline in text": (b'{"a": "x\ny"}', ""),
    "raw tab in text": (b'{"a": "x\ty"}', ""),
    "bom": (b"\xef\xbb\xbf{}", ""),
    "utf-16": ('{"a": 1}'.encode("utf-16"), ""),
    "utf-16-le": ('{"a": 1}'.encode("utf-16-le"), ""),
    "utf-32": ('{"a": 1}'.encode("utf-32"), ""),
    "latin-1": ('{"a": "æ"}'.encode("latin-1"), ""),
    "overlong utf-8": (b'{"a": "\xc0\xaf"}', ""),
    "encoded surrogate": (b'{"a": "\xed\xa0\x80"}', ""),
    "duplicate key": (b'{"a": 1, "a": 2}', "/a"),
    "duplicate key below": (b'{"a": [{"b": 1, "b": 2}]}', "/a/0/b"),
    "duplicate key by escape": (b'{"a": 1, "\\u0061": 2}', "/a"),
    "nan": (b'{"a": NaN}', "/a"),
    "infinity": (b'{"a": Infinity}', "/a"),
    "minus infinity": (b'{"a": -Infinity}', "/a"),
    "huge float": (b'{"a": 1e400}', "/a"),
    "huge negative float": (b'{"a": -1e400}', "/a"),
    "integer over 2^53": (b'{"a": 9007199254740992}', "/a"),
    "integer under -2^53": (b'{"a": -9007199254740992}', "/a"),
    "integer of 5000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "/a"),
    "nul": (b'{"a": "x\\u0000"}', "/a"),
    "nul in key": (b'{"a\\u0000": 1}', ""),
    "lone high surrogate": (b'{"a": "\\ud800"}', "/a"),
    "lone low surrogate": (b'{"a": "\\udc00x"}', "/a"),
    "surrogates the wrong way": (b'{"a": ["\\udc00\\ud800"]}', "/a/0"),
    "surrogate in key": (b'{"\\ud800": 1}', ""),
    "100,000 arrays": (b"[" * 100_000, ""),
    "100,000 objects": (b'{"a":' * 100_000, ""),
    "nine levels": (b'{"a":' * 9 + b"1" + b"}" * 9, ""),
    "depth behind an escaped quote": (b'{"a": "\\"", "b": ' + b"[" * 9 + b"]" * 9 + b"}", ""),
    "key with slash and tilde twice": (b'{"a/b~c": 1, "a/b~c": 1}', "/a~1b~0c"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_malformed_and_says_where(name):
    body, pointer = HOSTILE[name]
    with pytest.raises(Malformed) as refused:
        decode(body)
    assert refused.value.code == "malformed-json"
    assert refused.value.pointer == pointer


def test_eight_levels_pass():
    body = b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST
    assert decode(body)


def test_brackets_inside_text_are_not_depth():
    text = "[{" * 50 + '\\"' + "]" * 3
    assert decode(json.dumps({"a": text}).encode()) == {"a": text}


def test_the_largest_integers_pass_exactly():
    body = json.dumps({"a": LARGEST_INTEGER, "b": -LARGEST_INTEGER}).encode()
    assert decode(body) == {"a": LARGEST_INTEGER, "b": -LARGEST_INTEGER}


def test_a_boolean_stays_a_boolean():
    assert decode(b'{"a": true}')["a"] is True


def test_a_whole_surrogate_pair_is_one_character():
    assert decode(b'{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~"), inner, max_size=3),
    max_leaves=6,
)


def depth(value):
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0


@given(st.dictionaries(st.text("xyz"), st.lists(VALUES, max_size=2), max_size=3))
def test_whatever_it_lets_through_is_what_the_standard_library_reads(value):
    assume(depth(value) <= DEEPEST)
    assert decode(json.dumps(value).encode()) == value


@given(st.binary(max_size=60) | st.text('{}[]",:0123456789eE.-+tfn\\u ad\x00').map(str.encode))
def test_any_bytes_are_an_object_or_malformed(body):
    try:
        assert isinstance(decode(body), dict)
    except Malformed:
        return
