"""Ids from the seed: the order of ids decides the order of locks, so it must repeat itself."""

from __future__ import annotations

import random
from collections.abc import Generator
from contextlib import contextmanager

from nyefamilier.kernel import ids


class _Chance:
    """Stands where `nyefamilier.kernel.ids` asks for its random bits."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)

    def randbits(self, bits: int) -> int:
        """So many bits."""
        return self._chance.getrandbits(bits)


@contextmanager
def repeatable_ids(seed: str) -> Generator[None]:
    """Let new ids follow from *seed*."""
    before = vars(ids)["secrets"]
    vars(ids)["secrets"] = _Chance(seed)
    try:
        yield
    finally:
        vars(ids)["secrets"] = before
