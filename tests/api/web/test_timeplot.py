"""P-charts, bars and curves are drawn whole on the server and carry nothing that is hidden."""

from __future__ import annotations

import re

import pytest

from api.web import timeplot
from api.web.charts import bars, curves, timeline
from api.web.marks import (
    NARROW_BARS,
    NARROW_CURVE,
    NARROW_TIME,
    WIDE_BARS,
    WIDE_CURVE,
    WIDE_TIME,
    Age,
    Bar,
    Centre,
    Curve,
    Moment,
)
from tests.api.web.test_charts import _contrast_with_white

QUIET = {"is_outside": False, "is_in_run": False}
WITHIN = Moment("2019", "2019: 80 %", 0.8, 0.7, 0.9, **QUIET)
OUTSIDE = Moment("2020", "2020: 95 %, utenfor", 0.95, 0.7, 0.9, is_outside=True, is_in_run=False)
IN_RUN = Moment("2021", "2021: 82 %, på rad", 0.82, 0.7, 0.9, is_outside=False, is_in_run=True)
HIDDEN = Moment("2022", "2022: skjult", None, None, None, **QUIET)
BASELINE = Centre(0.8, "80 %", 0)
FUNNEL = (
    Bar("Født", "Født: 120", 1, "120"),
    Bar("Takket nei", "Takket nei: skjult", None, "skjult", is_part=True),
    Bar("Takket ja", "Takket ja: 88", 0.73, "88 (73 %)"),
)
OSLO = Curve("Oslo", own=False, ages=(Age(3, "Oslo, 3: 90 %", 0.9, 0.88, 0.92),))
STOVNER = Curve("Stovner", own=True, ages=(Age(3, "Stovner, 3: 85 %", 0.85, 0.7, 0.93),))


def drawings():
    yield timeline([WITHIN, OUTSIDE, IN_RUN, HIDDEN], BASELINE, "periode", WIDE_TIME)
    yield timeline([WITHIN, OUTSIDE, IN_RUN, HIDDEN], BASELINE, "periode", NARROW_TIME)
    yield bars(FUNNEL, "stolpe", WIDE_BARS)
    yield bars(FUNNEL, "stolpe", NARROW_BARS)
    yield curves([OSLO, STOVNER], "Barnets alder", WIDE_CURVE)
    yield curves([OSLO, STOVNER], "Barnets alder", NARROW_CURVE)


def labels(svg):
    return set(re.findall(r'aria-label="([^"]+)"', svg))


def shapes(svg, what):
    return set(re.findall(rf'aria-roledescription="{what}"[^>]* d="([^"]+)"', svg))


def test_every_mark_is_told_in_words_and_no_english_is_heard():
    time, _, bar, _, curve, _ = drawings()

    assert labels(time) == {one.description for one in (WITHIN, OUTSIDE, IN_RUN, HIDDEN)} | {"80 %"}
    assert labels(bar) == {one.description for one in FUNNEL}
    assert labels(curve) == {"Oslo, 3: 90 %", "Stovner, 3: 85 %"}
    for svg in (time, bar, curve):
        told = set(re.findall(r'aria-roledescription="([^"]+)"', svg))
        assert told <= {"periode", "80 %", "stolpe", "Oslo", "Stovner"}


def test_a_strict_policy_refuses_nothing_in_any_drawing():
    for svg in drawings():
        assert "style=" not in svg
        assert "<script" not in svg


def test_a_signal_has_another_shape_and_not_only_another_colour():
    drawn = timeline([WITHIN, OUTSIDE, IN_RUN, HIDDEN], BASELINE, "periode", WIDE_TIME)

    assert len(shapes(drawn, "periode")) == 4


def test_a_period_that_is_hidden_breaks_the_line_and_has_no_value():
    told = str(timeplot.specification([WITHIN, HIDDEN, WITHIN], BASELINE, "periode", WIDE_TIME))

    assert "'row': 0" in told
    assert "'row': 1" in told
    assert "'place': 1, 'description': '2022: skjult', 'value'" not in told
    assert "'place': 1, 'value'" not in told


def test_without_a_baseline_there_are_no_limits_and_no_centre():
    plain = Moment("2019", "2019: 80 %", 0.8, None, None, **QUIET)
    told = str(timeplot.specification([plain, plain], None, "periode", WIDE_TIME))

    assert "'low'" not in told
    assert "80 %'" not in told.replace("2019: 80 %'", "")


def test_as_many_years_are_written_as_there_is_room_for():
    moments = [
        Moment(f"{2013 + at // 3} {at % 3 + 1}", str(at), 0.8, None, None, **QUIET)
        for at in range(42)
    ]
    wide = timeline(moments, None, "periode", WIDE_TIME)
    narrow = timeline(moments, None, "periode", NARROW_TIME)

    assert len(re.findall(r">20\d\d<", wide)) == 14
    assert len(re.findall(r">20\d\d<", narrow)) == 4


def test_ones_own_curve_has_another_shape_and_another_line():
    drawn = curves([OSLO, STOVNER], "Barnets alder", WIDE_CURVE)

    assert shapes(drawn, "Oslo") != shapes(drawn, "Stovner")
    assert 'stroke-dasharray="2,5"' in drawn


@pytest.mark.parametrize("colour", [timeplot.SIGNAL])
def test_a_signal_stands_out_from_the_page(colour):
    assert _contrast_with_white(colour) >= 4.5


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_that_are_all_the_same_have_a_scale(share):
    same = Moment("2019", "2019", share, None, None, **QUIET)
    scales = timeplot._Scales([same, same], WIDE_TIME)

    assert 0 <= scales.low < scales.high <= 1
