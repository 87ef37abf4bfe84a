"""A plan as values: waves, nurses, money, policy and assumptions. Immutable, without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.rollout.assumptions import Assumption
from nyefamilier.rollout.months import Month


class Programme(StrEnum):
    """A programme that a wave takes to a bydel."""

    NYE_FAMILIER = "nye_familier"
    NFP = "nfp"


class Basis(StrEnum):
    """Why a family is offered the programme.

    Sources: Prosjektbanken 282167; Oslo kommune, press release on the budget of 2018.
    """

    FIRST_CHILD = "forste_barn"
    FIRST_TOGETHER = "forste_barn_sammen"
    FIRST_IN_NORWAY = "forste_barn_i_norge"
    EXTENDED_NEED = "flerbarn_utvidet_behov"


class BudgetKind(StrEnum):
    """How a budget line is to be understood."""

    LEVEL = "level"
    """The year has this much."""
    INCREASE = "increase"
    """This much on top of the year before."""
    ABOVE = "above"
    """This much on top of another year, that ``over`` names."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A programme starts in a bydel.

    Args:
        start: The first month in which families are offered it.
        preparation_months: How long before that its nurses must be there.
        ramp_months: How long until uptake is what it will be, growing evenly; 0 is from the start.
        label: What is assumed here, such as the name of the bydel; empty when nothing is.
    """

    bydel: BydelNumber
    programme: Programme
    start: Month
    preparation_months: int
    ramp_months: int
    source: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hiring:
    """Posts that were decided for a bydel.

    Args:
        decided: The month in which they may be advertised.
        arsverk: Full-time equivalents.
        position_percentage: What each of those who are hired works, of a full position.
        until: The first month without them; None for posts that stay.
    """

    bydel: BydelNumber
    decided: Month
    arsverk: float
    position_percentage: int
    source: str
    until: Month | None = None


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Money for a year, in whole kroner at the prices of ``price_level``."""

    name: str
    year: int
    nok: int
    kind: BudgetKind
    price_level: int
    source: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What a bydel's own offers and answers have shown of uptake."""

    bydel: BydelNumber
    offered: int
    accepted: int
    source: str


@dataclass(frozen=True, slots=True)
class Births:
    """The births that a plan counts on.

    Args:
        city: Births of each year in the whole city.
        weights: How they fall on the bydeler and areas; whole numbers of any size.
        first_shares: The share of first births in each.
    """

    city: Mapping[int, int]
    weights: Mapping[BydelNumber, int]
    first_shares: Mapping[BydelNumber, float]
    source: str
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What is decided rather than assumed.

    Args:
        eligible: Who is offered the programme.
        hiring_lead_months: From the decision about a post until somebody works in it.
        longest_wait_months: How long after week 28 a family that nobody had time for may join.
        families_per_arsverk: The most families that one årsverk follows; None: as hours allow.
        price_level: The year in whose prices the assumptions about cost are.
    """

    eligible: frozenset[Basis]
    hiring_lead_months: int
    longest_wait_months: int
    price_level: int
    families_per_arsverk: float | None = None


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A bydel of another map, made of whole bydeler and of delbydeler."""

    name: str
    bydeler: tuple[BydelNumber, ...]
    delbydeler: tuple[DelbydelCode, ...]


@dataclass(frozen=True, slots=True)
class ReformMap:
    """Another map, from a day on."""

    on: date
    source: str
    units: tuple[Redrawn, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan.

    Args:
        open_from: Where it was planned anew: the first month that was open then; None elsewhere.
    """

    name: str
    first_month: Month
    months: int
    policy: Policy
    waves: tuple[Wave, ...]
    hirings: tuple[Hiring, ...]
    budget: tuple[BudgetLine, ...]
    births: Births
    assumptions: Mapping[str, Assumption]
    observed: tuple[Observed, ...] = ()
    reform: ReformMap | None = None
    open_from: Month | None = None

    @property
    def begins(self) -> Month:
        """The first month that is computed: a bydel that started earlier brings its families."""
        return min([self.first_month, *(wave.start for wave in self.waves)])

    @property
    def ends(self) -> Month:
        """The first month after the plan."""
        return self.first_month + self.months

    @property
    def years(self) -> range:
        """Every year of which the plan has a month."""
        return range(self.first_month.year, (self.ends + -1).year + 1)

    def waves_of(self, programme: Programme) -> tuple[Wave, ...]:
        """The waves of one programme, in the plan's order."""
        return tuple(wave for wave in self.waves if wave.programme is programme)
