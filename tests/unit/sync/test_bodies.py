"""A sync body is whole, within its limits, and reads in one way, or it is refused."""

import gzip
import tracemalloc
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.errors import Malformed, TooLarge
from nyefamilier.sync.bodies import check_digest, check_json, unpack
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.limits import DEPTH, PUSH_BYTES, UNPACKED_TO_PACKED

HOSTILE = {
    "no JSON": b"{",
    "two bodies": b"{}{}",
    "a list": b"[]",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "no UTF-8": b'{"a":"\xff"}',
    "half a surrogate pair": b'{"a":"\\ud800"}',
    "NaN": b'{"a":NaN}',
    "a key twice": b'{"a":1,"a":1}',
    "a key twice, far inside": b'{"a":[{"b":{"c":1,"d":2,"c":1}}]}',
    "a key twice, once by an escape": b'{"a":1,"\\u0061":2}',
    "100,000 lists": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "100,000 lists left open": b'{"a":' + b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "one list too deep": b'{"a":' + b"[" * DEPTH + b"]" * DEPTH + b"}",
}


def code_of(refused):
    return refused.value.code


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_reads_in_no_way_or_in_two_is_malformed(body):
    with pytest.raises(Malformed) as refused:
        check_json(body)
    assert code_of(refused) == "malformed-json"


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), json, max_size=5))
def test_whatever_json_holds_no_key_twice_is_taken(value):
    check_json(msgspec.json.encode(value))
    check_json(msgspec.json.format(msgspec.json.encode(value), indent=2))


def test_json_as_deep_as_the_limit_is_taken():
    check_json(b'{"a":' + b"[" * (DEPTH - 1) + b"]" * (DEPTH - 1) + b"}")


def test_brackets_within_a_text_are_no_depth():
    check_json(b'{"a":"' + b"[{" * 1000 + b'"}')


def packed(content):
    return gzip.compress(content, mtime=0)


def test_what_was_packed_is_unpacked():
    content = bytes(range(256)) * 40
    assert unpack(packed(content), PUSH_BYTES) == content


def bomb(size):
    """*size* zero bytes, packed: one block that stands by itself, said over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed(b"")[:10] + block * (size >> 20)


def test_a_bomb_of_two_gigabytes_takes_no_more_memory_than_a_push():
    packed_bomb = bomb(2 << 30)
    tracemalloc.start()
    with pytest.raises(TooLarge) as refused:
        unpack(packed_bomb, PUSH_BYTES)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code_of(refused) == "too-large"
    assert peak < len(packed_bomb) + 3 * PUSH_BYTES


def test_a_body_that_unpacks_out_of_all_proportion_is_refused():
    with pytest.raises(TooLarge) as refused:
        unpack(packed(bytes(100 * 1024)), PUSH_BYTES)
    assert code_of(refused) == "unpacks-too-far"


def test_the_ratio_is_that_of_the_limits():
    sent = packed(bytes(4000))
    assert len(sent) * UNPACKED_TO_PACKED < 4000
    with pytest.raises(TooLarge):
        unpack(sent, PUSH_BYTES)


BROKEN = {
    "cut off": lambda sent: sent[:-1],
    "without its check sum": lambda sent: sent[:-8] + bytes(8),
    "with something behind it": lambda sent: sent + b"x",
    "twice": lambda sent: sent * 2,
    "no gzip at all": lambda _: b"{}",
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN)
def test_what_is_not_one_whole_gzip_member_is_malformed(spoil):
    with pytest.raises(Malformed) as refused:
        unpack(spoil(packed(b'{"device_id":"a"}')), PUSH_BYTES)
    assert code_of(refused) == "malformed-gzip"


def test_a_body_that_is_the_one_that_was_sent_is_taken():
    check_digest(b"body", content_digest(b"body"))


@pytest.mark.parametrize("header", [None, "", "md5=:AAAA:"])
def test_a_body_without_a_digest_is_refused(header):
    with pytest.raises(Malformed) as refused:
        check_digest(b"body", header)
    assert code_of(refused) == "content-digest-missing"


def test_a_body_that_was_cut_off_on_its_way_is_refused():
    with pytest.raises(Malformed) as refused:
        check_digest(b"bod", content_digest(b"body"))
    assert code_of(refused) == "content-digest"
