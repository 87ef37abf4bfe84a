from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from nyefamilier.kernel.toml import Unreadable
from nyefamilier.uptake.indicators import BydelUptake, Volume
from nyefamilier.uptake.reading import Kind, catalogue, read_catalogue
from nyefamilier.uptake.tabulations import BY_ID

ROOT = Path(__file__).parents[3]
DATA = (ROOT / "nyefamilier/uptake/data/indicators.toml").read_text("utf-8")
PAGE = (ROOT / "docs/indicators.md").read_text("utf-8")

IN_TABLE = re.compile(r"^\| `(\w+)` \| ([^|]+?) \|", re.MULTILINE)
IN_HEADING = re.compile(r"(?:^### |\| )`(\w+)` \(([^)]+)\)", re.MULTILINE)


def test_the_catalogue_holds_exactly_what_the_page_of_indicators_defines() -> None:
    defined = dict(IN_TABLE.findall(PAGE)) | dict(IN_HEADING.findall(PAGE))

    assert defined == {one.id: one.name_nb for one in catalogue().items}


def test_every_figure_that_the_programme_tells_is_in_the_catalogue_and_no_other() -> None:
    told = {field.name for kind in (BydelUptake, Volume) for field in fields(kind)}

    live = {
        one.id
        for one in catalogue().items
        if one.tabulation is None and one.kind is not Kind.ESTIMATE
    }
    assert told - {"bydel", "first_year", "last_year", "held_since"} == live


def test_shares_are_made_of_two_counts_and_counts_of_none() -> None:
    plain = [one for one in catalogue().items if one.tabulation is None]
    parts = {one.id: (one.numerator, one.denominator) for one in plain}

    assert {name: pair for name, pair in parts.items() if pair != (None, None)} == {
        "uptake": ("accepted", "offered"),
        "reach": ("reached", "eligible"),
    }
    assert {one.id for one in plain if one.kind is Kind.SHARE} == {"uptake", "reach"}


def test_a_share_of_a_table_is_a_part_of_what_it_is_a_share_of() -> None:
    for one in catalogue().items:
        if one.tabulation is None or one.numerator is None or one.denominator is None:
            continue
        if one.kind is Kind.SHARE_OF_ESTIMATE:
            continue
        table = BY_ID[one.tabulation]
        whole = set(one.denominator.split(" + "))
        above = {column.of for column in table.columns if column.code == one.numerator}
        assert one.numerator in whole or above <= whole, one.id


def test_no_indicator_is_silent_on_what_may_not_be_claimed() -> None:
    assert {one.id for one in catalogue().items if "effect" not in one.not_claimed} == set()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('id = "offered"', 'id = "eligible"', "twice"),
        ('numerator = "accepted"', 'numerator = "reach"', "no count"),
        ('numerator = "accepted"', 'numerator = "nobody"', "no count"),
        ('numerator = "accepted"\n', "", "numerator missing"),
        ('kind = "count"', 'kind = "rank"', "one of count, share"),
        ('tabulation = "funnel"', 'tabulation = "nobody"', "no tabulation"),
        ('column = "born"', 'column = "dead"', "dead is no column of funnel"),
        ('column = "born"\n', "", "none is no column"),
        (" + not_within_14_days", " + never", "never is no column"),
        ('column = "born"', 'numerator = "born"', "not known here"),
        ('kind = "count"', 'kind = "count"\nrank = "1"', "not known here"),
        ('kind = "count"', 'kind = "count"\nnumerator = "later"', "not known here"),
        ('denominator = "estimated_eligible"', 'denominator = "born"', "born is no estimate"),
        ("late_data = ", "early_data = ", "late_data missing"),
        ('en = "eligible"', 'se = "eligible"', "en missing"),
        ("version = 1\n", "", "version missing"),
        ("\n[common]", "\n[common", "not TOML"),
    ],
)
def test_a_catalogue_that_is_not_whole_is_not_read(before: str, after: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_catalogue(DATA.replace(before, after, 1))
