"""A Merkle tree over a growing list: its head, and the proofs that somebody else can check.

Nothing here checks a proof: who checks has to trust nobody, so that it is a programme of its own,
`nyefamilier.transparency.verify_log`.

Sources: RFC 9162 sections 2.1.1 (head), 2.1.3.1 (inclusion) and 2.1.4.1 (consistency), which are
those of RFC 6962; C2SP tlog-tiles for keeping every eighth level only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
TILE_LEVELS: Final = 8
"""Of a complete subtree the hash is kept at each eighth level; between them it is worked out."""
TILE: Final = 1 << TILE_LEVELS
EMPTY: Final = sha256().digest()
"""The head of a tree without leaves."""

Kept: TypeAlias = Callable[[int, int, int], Sequence[bytes]]
"""``(level, start, stop)``: hashes of the complete subtrees of ``2 ** level`` leaves that are kept,
from number *start* to before *stop*. *level* is 0 (the leaves), 8, 16 and so on."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees of one size; there are 1, 2, 4, 8 and so on of them."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


class Tree:
    """A tree whose leaves, and every eighth level, are kept somewhere."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def head(self, size: int) -> bytes:
        """The hash over the first *size* leaves, 32 bytes."""
        return self._over(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """What shows that leaf *index* is one of the first *size*, from the leaf upwards.

        Raises:
            ValueError: there is no such leaf among them.
        """
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} among {size}")
        start, stop, proof = 0, size, []
        while stop - start > 1:
            middle = start + _split(stop - start)
            if index < middle:
                proof.append(self._over(middle, stop))
                stop = middle
            else:
                proof.append(self._over(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, earlier: int, size: int) -> list[bytes]:
        """What shows that the first *earlier* leaves are the same in both trees.

        Raises:
            ValueError: *earlier* is not between 1 and *size*.
        """
        if not 1 <= earlier <= size:
            raise ValueError(f"a tree of {earlier} is no beginning of one of {size}")
        start, stop, whole, proof = 0, size, True, []
        while earlier != stop:
            middle = start + _split(stop - start)
            if earlier <= middle:
                proof.append(self._over(middle, stop))
                stop = middle
            else:
                proof.append(self._over(start, middle))
                start, whole = middle, False
        # The head of the whole earlier tree is known to whoever asks; a part's is not.
        return [*([] if whole else [self._over(start, stop)]), *proof[::-1]]

    def _over(self, start: int, stop: int) -> bytes:
        """The hash over some leaves; *start* is a multiple of the power of two that fits them."""
        size = stop - start
        if size & (size - 1):
            middle = start + _split(size)
            return node_hash(self._over(start, middle), self._over(middle, stop))
        level = (size.bit_length() - 1) // TILE_LEVELS * TILE_LEVELS
        return folded(self._kept(level, start >> level, stop >> level))


def grown(before: int, after: int, kept: Kept) -> list[tuple[int, int, bytes]]:
    """The subtrees that became complete as the tree grew, as (level, number, hash), lowest first.

    Args:
        before: Its size until now.
        after: Its size from now on.
        kept: Has the leaves already.
    """
    found: dict[tuple[int, int], bytes] = {}

    def known(level: int, start: int, stop: int) -> Sequence[bytes]:
        numbers = [one for one in range(start, stop) if (level, one) not in found]
        if numbers:
            old = kept(level, numbers[0], numbers[-1] + 1)
            return [*old, *(found[level, one] for one in range(numbers[-1] + 1, stop))]
        return [found[level, one] for one in range(start, stop)]

    level = TILE_LEVELS
    while after >> level:
        for number in range(before >> level, after >> level):
            below = known(level - TILE_LEVELS, number * TILE, (number + 1) * TILE)
            found[level, number] = folded(below)
        level += TILE_LEVELS
    return [(*place, made) for place, made in found.items()]


def _split(size: int) -> int:
    """The largest power of two that is smaller than *size*."""
    return 1 << (size - 1).bit_length() - 1
