"""What a share would be if the groups that it is made of were as large as in a standard.

Two years, or two areas, whose families are of different kinds can then be set beside each other.
Pure arithmetic over counts that are published already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from nyefamilier.uptake.indicators import Share, wilson


@dataclass(frozen=True, slots=True)
class Stratum:
    """One group.

    Args:
        part: So many of them.
        whole: So many there are.
        standard: How many there are in the standard; only the proportions matter.
    """

    part: int
    whole: int
    standard: int


def standardised(strata: Sequence[Stratum]) -> Share | None:
    """The share as the standard's groups would give it; None if one that is in it has nobody.

    The ends lie as far from the share as the ends of the groups' own intervals (Wilson), weighted,
    and taken together as at right angles. With one group it is Wilson's interval. A group in which
    all or nobody said yes still counts as uncertain, which a normal approximation would deny.

    Raises:
        ValueError: the standard has nobody, or a count is less than none or too large.

    Sources: G. Y. Zou, W. Huang, X. Zhang, Computational Statistics & Data Analysis 53 (2009)
        1080-1085, for the interval of a weighted sum of shares.
    """
    total = sum(one.standard for one in strata)
    if total < 1 or any(one.standard < 0 for one in strata):
        raise ValueError("a standard has somebody in it, and no group of less than none")
    shares = [(one.standard / total, wilson(one.part, one.whole)) for one in strata if one.standard]
    known = [(weight, share) for weight, share in shares if share is not None]
    if len(known) < len(shares):
        return None
    value = fsum(weight * share.value for weight, share in known)
    below = sqrt(fsum((weight * (share.value - share.low)) ** 2 for weight, share in known))
    above = sqrt(fsum((weight * (share.high - share.value)) ** 2 for weight, share in known))
    return Share(value, max(0.0, value - below), min(1.0, value + above))
