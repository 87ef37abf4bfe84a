"""Charts are drawn whole on the server, in Norwegian, and carry nothing that is hidden."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from api.web import charts, dotplot
from api.web.charts import dots
from api.web.marks import NARROW, WIDE, Bar, Dot, Reference

STOVNER = Dot("Stovner", "Stovner: 83 % av 60 familier", 0.83, 0.72, 0.9, "83 %", own=True)
ALNA = Dot("Alna", "Alna: 71 % av 90 familier", 0.71, 0.61, 0.79, "71 %", own=False)
GRORUD = Dot("Grorud", "Grorud: skjult", None, 0, 0, "skjult", own=False)
OSLO = Reference(0.78, "Oslo 78 %")


@pytest.fixture(scope="module")
def svg() -> str:
    return dots([STOVNER, ALNA, GRORUD], OSLO, WIDE)


def test_every_row_is_named_in_words_for_those_who_hear_it(svg):
    labels = set(re.findall(r'aria-label="([^"]+)"', svg))

    assert labels == {STOVNER.description, ALNA.description, GRORUD.description, OSLO.label}


def test_screen_readers_hear_no_english_from_the_renderer(svg):
    assert set(re.findall(r'aria-roledescription="([^"]+)"', svg)) == {"bydel", "Oslo"}


def test_the_axis_is_written_in_norwegian(svg):
    assert ">100\N{NO-BREAK SPACE}%<" in svg


def test_a_drawing_needs_no_style_attribute_that_a_strict_policy_would_refuse(svg):
    assert "style=" not in svg
    assert "<script" not in svg


def test_a_hidden_value_is_not_in_the_specification():
    hidden = Dot("Grorud", "Grorud: skjult", None, 0.123456, 0.654321, "skjult", own=False)

    assert "0.123456" not in str(dotplot.specification([hidden, ALNA], OSLO, WIDE))


def test_ones_own_bydel_has_another_shape_and_not_only_another_colour():
    own = dots([STOVNER], None, WIDE)
    other = dots([Dot(**_fields(STOVNER) | {"own": False})], None, WIDE)

    assert _points(own) != _points(other)


def test_the_same_numbers_are_drawn_once(monkeypatch):
    """Nor is what it is drawn from written again, which takes longer than the drawing."""
    drawn = dots([STOVNER, ALNA], OSLO, NARROW)
    monkeypatch.setattr(dotplot, "specification", lambda *_: pytest.fail("written again"))

    assert dots([STOVNER, ALNA], OSLO, NARROW) == drawn


def test_two_kinds_of_chart_of_the_same_are_two(monkeypatch):
    monkeypatch.setattr(charts, "_render", lambda text: text)
    told = (Bar("Stovner", "Stovner", 0.8, "83 %", is_part=False),), "bydel", WIDE

    assert charts.bars(*told) != charts.stretches((), "bydel", WIDE)
    charts._drawn.clear()


def test_old_drawings_are_forgotten(monkeypatch):
    monkeypatch.setattr(charts, "_render", lambda text: text)
    for number in range(charts.KEPT + 5):
        dots([STOVNER], Reference(number / 1000, "Oslo"), NARROW)

    assert len(charts._drawn) == charts.KEPT
    charts._drawn.clear()


def test_a_process_that_only_imports_the_pages_starts_no_renderer():
    script = (
        "import sys, api.web.charts\n"
        "assert not {'vl_convert', 'altair'} & set(sys.modules), 'loaded too early'"
    )

    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("colour", [dotplot.OWN, dotplot.OTHERS, dotplot.INTERVAL, dotplot.CITY])
def test_a_mark_stands_out_from_the_page(colour):
    """Sources: WCAG 2.1 success criterion 1.4.11 (3:1)."""
    assert _contrast_with_white(colour) >= 3


@pytest.mark.parametrize("colour", [dotplot.OWN, dotplot.CITY, dotplot.QUIET])
def test_text_in_a_chart_can_be_read(colour):
    """Sources: WCAG 2.1 success criterion 1.4.3 (4.5:1)."""
    assert _contrast_with_white(colour) >= 4.5


def _fields(dot: Dot) -> dict[str, object]:
    return {name: getattr(dot, name) for name in Dot.__slots__}


def _points(svg: str) -> list[str]:
    return re.findall(r'<path aria-label="[^"]+"[^>]* d="([^"]+)"', svg)


def _contrast_with_white(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)
