"""The tree: known answers, and every proof of small trees checked by the one who trusts nobody."""

from __future__ import annotations

from hashlib import sha256

import pytest

from nyefamilier.transparency import verify_log
from nyefamilier.transparency.merkle import EMPTY, TILE, Tree, grown, leaf_hash, node_hash
from nyefamilier.transparency.verify_log import DoesNotHold

LEAVES = [
    bytes.fromhex(told)
    for told in (
        "", "00", "10", "2021", "3031", "40414243",
        "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Heads of the first 0 to 8 leaves: the vectors of Certificate Transparency's own tests."""


class Kept:
    """A tree in memory that keeps what the database keeps."""

    def __init__(self, leaves=()):
        self.levels = {0: []}
        self.add(leaves)

    def add(self, leaves):
        before = len(self.levels[0])
        self.levels[0] += [leaf_hash(one) for one in leaves]
        for level, number, made in grown(before, len(self.levels[0]), self.kept):
            found = self.levels.setdefault(level, [])
            assert number == len(found)
            found.append(made)

    def kept(self, level, start, stop):
        found = self.levels[level][start:stop]
        assert len(found) == stop - start
        return found


def naive(leaves):
    """The head as the definition has it."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive(leaves[:split]), naive(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_heads_are_those_of_certificate_transparency(size):
    assert Tree(Kept(LEAVES).kept).head(size).hex() == HEADS[size]


@pytest.mark.parametrize("size", [*range(1, 40), TILE - 1, TILE, TILE + 1, 3 * TILE + 7])
def test_every_leaf_is_shown_to_be_there_and_no_other_is(size):
    entries = [b"entry %d" % number for number in range(size)]
    tree = Tree(Kept(entries).kept)
    head = tree.head(size)
    assert head == naive(entries)
    for index in range(size) if size < 40 else (0, 1, size // 2, size - 2, size - 1):
        proof = tree.inclusion(index, size)
        leaf = leaf_hash(entries[index])
        assert verify_log.head_from_inclusion(leaf, index, size, proof) == head
        other = leaf_hash(b"another")
        assert verify_log.head_from_inclusion(other, index, size, proof) != head
        with pytest.raises(DoesNotHold):
            verify_log.head_from_inclusion(leaf, index, size, [*proof, head])
        if proof:
            with pytest.raises(DoesNotHold):
                verify_log.head_from_inclusion(leaf, index, size, proof[:-1])


@pytest.mark.parametrize("size", [*range(1, 40), TILE + 3])
def test_every_beginning_is_shown_to_be_one_and_a_rewritten_one_is_not(size):
    entries = [b"entry %d" % number for number in range(size)]
    tree = Tree(Kept(entries).kept)
    rewritten = Tree(Kept([b"rewritten", *entries[1:]]).kept)
    for earlier in range(1, size + 1) if size < 40 else (1, 2, 255, 256, 257, size):
        heads = (tree.head(earlier), tree.head(size))
        proof = tree.consistency(earlier, size)
        assert verify_log.heads_from_consistency(earlier, size, proof, heads[0]) == heads
        forged = rewritten.consistency(earlier, size)
        believed = (tree.head(earlier), rewritten.head(size))
        try:
            shown = verify_log.heads_from_consistency(earlier, size, forged, heads[0])
        except DoesNotHold:
            continue
        assert shown != believed


def test_it_grows_by_any_steps_to_the_same_tree():
    entries = [b"entry %d" % number for number in range(70_000)]
    at_once, by_steps = Kept(entries), Kept()
    for start, stop in [(0, 1), (1, 255), (255, 256), (256, 65_536), (65_536, 70_000)]:
        by_steps.add(entries[start:stop])
    assert by_steps.levels == at_once.levels
    assert sorted(at_once.levels) == [0, 8, 16]
    assert Tree(at_once.kept).head(70_000) == naive(entries)
    assert Tree(at_once.kept).head(0) == EMPTY


def test_what_is_not_there_is_refused():
    tree = Tree(Kept(LEAVES).kept)
    for wrong in (lambda: tree.inclusion(8, 8), lambda: tree.consistency(0, 8),
                  lambda: tree.consistency(9, 8)):  # fmt: skip
        with pytest.raises(ValueError, match="no"):
            wrong()
