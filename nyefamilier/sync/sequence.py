"""The order in which a device's mutations are taken in: each once, none skipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nyefamilier.sync.envelopes import Envelope


@dataclass(frozen=True, slots=True)
class Order:
    """A push, sorted out.

    Args:
        replayed: Those whose seq has been taken in before.
        fresh: Those that follow, without a gap.
        gap: Whether more were sent after a gap.
    """

    replayed: Sequence[Envelope]
    fresh: Sequence[Envelope]
    gap: bool


def in_order(last_seq: int, envelopes: Sequence[Envelope]) -> Order:
    """What to do with each of *envelopes*, which come by rising seq.

    Args:
        last_seq: The last of the device's seqs that was taken in.
        envelopes: What it sent.
    """
    replayed = [one for one in envelopes if one.seq <= last_seq]
    fresh: list[Envelope] = []
    for one in envelopes[len(replayed) :]:
        if one.seq != last_seq + 1:
            return Order(replayed, fresh, gap=True)
        fresh.append(one)
        last_seq = one.last_seq
    return Order(replayed, fresh, gap=False)
