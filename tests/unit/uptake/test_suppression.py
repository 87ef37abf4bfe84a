from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.cutting import Cell, Counts
from nyefamilier.uptake.earlier import Remembered
from nyefamilier.uptake.indicators import Column
from nyefamilier.uptake.sheets import AREA, CITY_ONLY
from nyefamilier.uptake.suppression import Flow, hidden_cells, is_small
from tests.unit.uptake.reader import Reader
from tests.unit.uptake.tallies import Tally, counts_of, hidden_of, published, tally

ANSWERED = (Column.ACCEPTED, Column.DECLINED, Column.LATER)
PRINTED = (
    "eligible", "offered", "answered", "accepted", "declined", "later", "unanswered", "reached",
)  # fmt: skip
NOT_ACCEPTED = (Column.DECLINED, Column.LATER, Column.UNANSWERED)


class Attacker:
    """Solves one sheet for what it hides."""

    def __init__(self, counts: Counts, hidden: Iterable[Cell]) -> None:
        kept = Remembered(counts, hidden=dict.fromkeys(hidden, 0))
        self.reader = Reader({("uptake", None): kept})

    def can_tell(self, cells: Iterable[Cell]) -> bool:
        """Whether only one value of the sum of *cells* fits what is shown."""
        return self.reader.can_tell(tuple((("uptake", None), cell) for cell in cells))


@st.composite
def tables(draw: st.DrawFn) -> list[Tally]:
    """Tables of a few bydeler, most counts small: the hard ones."""
    size = st.one_of(st.integers(0, 3), st.integers(0, 7), st.integers(0, 40))
    bydeler = draw(
        st.lists(st.sampled_from(["01", "02", "03", "11", None]), min_size=1, unique=True)
    )
    lines = []
    for bydel in bydeler:
        answers = (draw(size), draw(size), draw(size), draw(size))
        not_offered = draw(size)
        reached = draw(st.integers(0, sum(answers) + not_offered))
        lines.append(tally(bydel, answers, not_offered, reached))
    return lines


def is_delicate_and_small(cell: Cell, counts: Counts) -> bool:
    return cell.column != Column.NOT_OFFERED and is_small(counts[cell])


def secrets_of(counts: Counts, hidden: Iterable[Cell]) -> list[tuple[Cell, ...]]:
    """Everything that nobody may be able to tell: hidden cells, and small sums never printed."""
    sums = [
        tuple(Cell(line, column) for column in part)
        for line in dict.fromkeys(cell.line for cell in counts)
        for part in (ANSWERED, NOT_ACCEPTED)
    ]
    return [
        *((cell,) for cell in hidden),
        *(cells for cells in sums if is_small(sum(counts[cell] for cell in cells))),
    ]


@settings(max_examples=120, deadline=None)
@given(tables())
def test_no_hidden_count_can_be_told_from_what_is_shown(lines: list[Tally]) -> None:
    counts = counts_of(lines)
    hidden = hidden_of(counts)
    attacker = Attacker(counts, hidden)
    for cells in secrets_of(counts, hidden):
        assert not attacker.can_tell(cells), cells


@settings(max_examples=200, deadline=None)
@given(tables())
def test_every_small_count_is_hidden_and_no_zero_is(lines: list[Tally]) -> None:
    counts = counts_of(lines)
    hidden = hidden_of(counts)
    assert {cell for cell in counts if is_delicate_and_small(cell, counts)} <= hidden
    assert all(counts[cell] >= 1 for cell in hidden)


@settings(max_examples=100, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_a_bydel_asked_for_alone_reads_as_it_does_in_the_whole_table(
    lines: list[Tally], chance: random.Random
) -> None:
    bydeler = [line.bydel for line in lines if line.bydel is not None]
    whole = published(lines, bydeler)
    for number, bydel in enumerate(bydeler):
        alone, city = published(lines, [bydel])
        assert (alone, city) == (whole[number], whole[-1])


def test_the_attacker_tells_a_small_count_when_nothing_hides_it() -> None:
    counts = counts_of([tally("01", (60, 3, 9, 20)), tally("02", (70, 12, 11, 25))])
    only_small = {cell for cell, value in counts.items() if is_small(value)}
    assert only_small == {Cell("01", Column.DECLINED)}
    assert Attacker(counts, only_small).can_tell(only_small)


def test_one_small_count_costs_three_others_and_keeps_uptake_reach_and_the_city() -> None:
    lines = [tally("01", (60, 3, 9, 20)), tally("02", (70, 12, 11, 25))]
    first, second, city = published(lines, [BydelNumber("01"), BydelNumber("02")])
    assert (first.declined, first.later, second.declined, second.later) == (None,) * 4
    assert (first.accepted, first.unanswered, first.answered) == (60, 20, 72)
    assert first.uptake is not None
    assert first.uptake.value == 60 / 92
    assert (city.declined, city.later) == (15, 20)
    assert first.reach is not None


def test_a_family_with_a_protected_address_hides_at_no_cost_to_the_bydeler() -> None:
    lines = [tally("01", (60, 3, 9, 20)), tally(None, (7, 6, 5, 5))]
    bydel, city = published(lines, [BydelNumber("01")])
    assert (bydel.declined, bydel.accepted, city.declined) == (None, 60, 9)


def test_protected_families_cannot_be_counted_by_taking_the_bydeler_from_the_city() -> None:
    counts = counts_of(
        [tally("01", (60, 20, 9, 20)), tally("02", (70, 12, 11, 25)), tally(None, (2, 0, 0, 0))]
    )
    attacker = Attacker(counts, hidden_of(counts))
    assert not attacker.can_tell([Cell(CITY_ONLY, Column.ELIGIBLE)])
    assert not attacker.can_tell([Cell(CITY_ONLY, Column.ACCEPTED)])


def test_two_hidden_ones_that_add_up_to_two_need_a_third_to_trade_with() -> None:
    # Zeros are shown: traded between each other alone, both would be known to be one.
    counts = {"a": (1, 5), "b": (1, 5), "c": (20, 20)}
    flows = [
        Flow(f"{column}{row}", f"line {row}", column, value, 9 if column == "c" else 1)
        for column, values in counts.items()
        for row, value in enumerate(values, 1)
    ]
    flows += [Flow(f"line {row}", "city", f"line {row}", n, 99) for row, n in ((1, 22), (2, 30))]
    flows += [Flow(column, column, "city", sum(values), 99) for column, values in counts.items()]
    assert hidden_cells(flows) == {"a1", "a2", "b1", "b2", "c1", "c2"}


def test_a_bydel_without_families_shows_zeros_and_no_share() -> None:
    empty, city = published([], [BydelNumber("17")])
    assert (empty.eligible, empty.reached, empty.uptake, empty.reach) == (0, 0, None, None)
    assert city.eligible == 0


def test_no_share_is_shown_of_fewer_than_ten() -> None:
    lines = [tally("01", (9, 0, 0, 0)), tally("02", (10, 0, 0, 0))]
    nine, ten, _ = published(lines, [BydelNumber("01"), BydelNumber("02")])
    assert (nine.accepted, nine.offered, nine.uptake) == (9, 9, None)
    assert ten.uptake is not None


def test_several_years_show_only_what_each_of_them_shows() -> None:
    quiet = tally("01", (60, 20, 9, 20), year=2015)
    small = tally("01", (60, 3, 9, 20), year=2016)
    _, other = tally("02", (70, 12, 11, 25), year=2015), tally("02", (70, 12, 11, 25), year=2016)
    both, _ = published([quiet, small, other], [BydelNumber("01")])
    alone, _ = published([quiet], [BydelNumber("01")])
    assert (alone.declined, both.declined, both.accepted) == (20, None, 120)


def test_a_period_cut_by_its_own_size_would_give_a_small_year_away_by_subtraction() -> None:
    """Why 2013 to 2026 hides a bydel that is large in most of its years."""
    large = tally("11", (25, 5, 0, 0), year=2016)
    small = tally("11", (5, 1, 0, 0), year=2017)
    as_if_one = tally("11", (30, 6, 0, 0), year=2016)
    stovner = [BydelNumber("11")]

    before, _ = published([large], stovner)
    year, _ = published([small], stovner)
    through, _ = published([as_if_one], stovner)
    assert (year.declined, before.declined, through.declined) == (None, 5, 6)
    assert through.declined - before.declined == small.leaves["declined"]

    both, _ = published([large, small], stovner)
    assert (both.declined, both.accepted, both.uptake) == (None, None, None)


def test_a_table_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        hidden_cells([Flow("a", 1, 2, 3, 1), Flow("b", 2, 3, 3, 1)])


def test_the_city_hides_only_if_its_own_count_is_small() -> None:
    lines = [tally("01", (60, 20, 9, 2)), tally("02", (70, 12, 11, 2))]
    hidden = hidden_of(counts_of(lines))
    assert Cell(AREA, Column.UNANSWERED) in hidden
    assert Cell(AREA, Column.ACCEPTED) not in hidden


def test_families_not_yet_offered_are_no_secret_and_cost_no_uptake() -> None:
    lines = [tally("01", (60, 12, 9, 20), not_offered=2), tally("02", (70, 12, 11, 25))]
    assert hidden_of(counts_of(lines)) == frozenset()


@settings(max_examples=100, deadline=None)
@given(tables(), tables())
def test_a_longer_period_holds_nothing_that_its_years_did_not(
    first: list[Tally], second: list[Tally]
) -> None:
    second = [replace(line, year=2017) for line in second]
    bydeler = sorted({line.bydel for line in [*first, *second] if line.bydel is not None})
    both = published([*first, *second], bydeler)
    years = zip(published(first, bydeler), published(second, bydeler), strict=True)
    for whole, parts in zip(both, years, strict=True):
        for name in PRINTED:
            known = [getattr(part, name) for part in parts]
            expected = None if None in known else sum(known)
            assert getattr(whole, name) == expected


def test_a_city_of_eighteen_lines_withstands_the_attacker() -> None:
    chance = random.Random(2016)  # noqa: S311 - a table, not a key
    lines = [
        tally(
            bydel,
            (
                chance.randint(90, 180),
                chance.randint(8, 30),
                chance.randint(0, 9),
                chance.randint(1, 14),
            ),
            not_offered=chance.randint(0, 12),
            reached=chance.randint(60, 98),
        )
        for bydel in [f"{number:02}" for number in range(1, 16)]
    ]
    lines += [tally("16", (6, 1, 0, 1)), tally("17", (2, 0, 0, 0)), tally("99", (0, 0, 1, 0))]
    lines += [tally(None, (3, 1, 0, 2), reached=4)]
    counts = counts_of(lines)
    hidden = hidden_of(counts)
    attacker = Attacker(counts, hidden)
    assert not [cells for cells in secrets_of(counts, hidden) if attacker.can_tell(cells)]
    rows = published(lines, [line.bydel for line in lines if line.bydel is not None])
    assert sum(row.uptake is not None for row in rows) >= 13
    assert rows[-1].uptake is not None
    assert rows[-1].reach is not None
