"""The estimated target group in words: that it is an estimate, of what, and how far off."""

from __future__ import annotations

from typing import Final

from api.web.formats import interval, number, percent
from api.web.texts import LazyText, _, _l
from nyefamilier.uptake.estimating import Estimate
from nyefamilier.uptake.indicators import Share

TARGET_GROUP: Final[LazyText] = _l("In the target group (estimate)")
REACH: Final[LazyText] = _l("Visited, of the estimate (reach)")
WHAT_IT_IS: Final[LazyText] = _l(
    "The target group is an estimate and no statistic: Oslo's births of the year, the bydel's part "
    "of them, and the share for whom the programme is. Families that nobody has found are in it, "
    "and those of bydeler and months without the programme. Its range is what comes out if every "
    "assumption lies at its low end or every one at its high end; reach has that range alone, and "
    "it is no confidence interval."
)


def spread(estimate: Estimate) -> str:
    """How far off an estimate may be."""
    return _(
        "An estimate: between %(low)s and %(high)s.",
        low=number(estimate.low),
        high=number(estimate.high),
    )


def reach_words(reach: Share) -> str:
    """The share of the estimate, with the range that the estimate gives it."""
    return _(
        "Reach is %(share)s of the estimate, and %(range)s over its range.",
        share=percent(reach.value),
        range=interval(reach.low, reach.high),
    )
