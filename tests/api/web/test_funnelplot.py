"""The funnel is drawn whole on the server, and the reader's own bydel by shape too."""

from __future__ import annotations

import re

import pytest

from api.web.charts import funnel
from api.web.marks import NARROW_FUNNEL, WIDE_FUNNEL, Edge, Reference, Spot

EDGES = [Edge(60, 0.6, 0.7, 0.9, 0.95), Edge(200, 0.7, 0.75, 0.85, 0.9)]
OSLO = Reference(0.8, "Oslo 80 %")
STOVNER = Spot("Stovner", "Stovner: 83 % av 120 familier", 120, 0.83, named=True, own=True)
ALNA = Spot("Alna", "Alna: 79 % av 150 familier", 150, 0.79, named=False, own=False)


def drawn(*spots: Spot, axes=WIDE_FUNNEL) -> str:
    return funnel(spots, EDGES, OSLO, "Familier", axes)


def points(svg: str) -> set[str]:
    return set(re.findall(r'<path aria-label="\w+:[^"]+"[^>]* d="([^"]+)"', svg))


@pytest.mark.parametrize("axes", [WIDE_FUNNEL, NARROW_FUNNEL])
def test_every_bydel_is_told_in_words_and_no_english_is_heard(axes):
    svg = drawn(STOVNER, ALNA, axes=axes)

    assert set(re.findall(r'aria-label="([^"]+)"', svg)) == {
        STOVNER.description, ALNA.description, OSLO.label,
    }  # fmt: skip
    assert set(re.findall(r'aria-roledescription="([^"]+)"', svg)) == {"bydel", "Oslo"}


def test_ones_own_bydel_has_another_shape():
    assert len(points(drawn(STOVNER, ALNA))) == 2


def test_only_those_are_named_that_shall_be():
    svg = drawn(STOVNER, ALNA)

    assert ">Stovner<" in svg
    assert ">Alna<" not in svg


def test_the_limits_are_told_apart_by_their_stroke():
    assert drawn(ALNA).count('stroke-dasharray="6,4"') == 2


def test_a_strict_policy_refuses_nothing_in_it():
    svg = drawn(STOVNER, ALNA)

    assert "style=" not in svg
    assert "<script" not in svg
