"""Mutations are taken in by the order of their seqs, and never past a gap."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.sync.envelopes import Envelope, Newer
from nyefamilier.sync.sequence import in_order
from nyefamilier.wire.messages import VoidedSeqs


def envelope(seq):
    return Envelope(uuid4(), seq, b"", Newer())


def void(seq, count):
    content = VoidedSeqs(id=uuid4(), seq=seq, v=1, type="seq.void", count=count, why="lost")
    return Envelope(content.id, seq, b"", content)


def seqs(envelopes):
    return [one.seq for one in envelopes]


def test_what_was_taken_in_before_is_told_apart_from_what_is_new():
    order = in_order(3, [envelope(seq) for seq in (2, 3, 4, 5)])
    assert (seqs(order.replayed), seqs(order.fresh), order.gap) == ([2, 3], [4, 5], False)


def test_nothing_is_taken_in_past_a_gap():
    order = in_order(3, [envelope(seq) for seq in (4, 6, 7)])
    assert (seqs(order.fresh), order.gap) == ([4], True)


def test_a_void_closes_the_gap_that_it_names():
    order = in_order(3, [void(4, 2), envelope(6)])
    assert (seqs(order.fresh), order.gap) == ([4, 6], False)


def test_an_empty_push_is_in_order():
    order = in_order(3, [])
    assert (order.replayed, order.fresh, order.gap) == ([], [], False)


@given(st.integers(0, 30), st.sets(st.integers(1, 40), max_size=20))
def test_what_is_new_follows_on_without_a_gap_and_all_the_rest_is_accounted_for(last, sent):
    order = in_order(last, [envelope(seq) for seq in sorted(sent)])
    assert seqs(order.fresh) == list(range(last + 1, last + 1 + len(order.fresh)))
    assert all(seq <= last for seq in seqs(order.replayed))
    left = len(sent) - len(order.fresh) - len(order.replayed)
    assert (left > 0) == order.gap
