"""A PDF says its title and its language, carries its typeface, and repeats itself exactly."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import date

from api.files.documents import Chapter, Document
from api.files.pdf import pdf_bytes

HEADER = ["Hva", "Antall", "Av", "Andel", "95 %-intervall"]
ROWS = [
    ["Sa ja (oppslutning)", "20", "30", "67 %", "49–81 %"],
    ["Sa nei", "skjult", "30", "skjult", ""],
]
SECTION = Chapter(
    "Oppslutning og rekkevidde", ["Familier på Grünerløkka, også Ærlige."], HEADER, ROWS
)
DOCUMENT = Document(
    title="Nye familier, Grünerløkka",
    subtitle="Første tertial 2025",
    language="nb-NO",
    made_of=date(2026, 11, 16),
    chapters=[SECTION],
    about=("Dette bør du vite", [("Skjult", "Én til fire familier.")]),
    page="Side",
)


def objects(pdf: bytes) -> str:
    """The document's own words, whatever was packed opened."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = []
    for one in packed:
        try:
            opened.append(zlib.decompress(one))
        except zlib.error:
            opened.append(one)
    return b"\n".join([pdf, *opened]).decode("latin-1")


def test_it_says_in_which_language_it_is_what_it_is_called_and_what_it_has():
    told = objects(pdf_bytes(DOCUMENT))
    assert told.startswith("%PDF-1.")
    assert "/Lang (nb-NO)" in told
    assert "/Title" in told
    assert "/Outlines" in told
    assert "/FontFile2" in told
    assert "Inter" in told


def test_the_same_document_is_the_same_bytes():
    assert pdf_bytes(DOCUMENT) == pdf_bytes(DOCUMENT)


def test_a_long_document_has_more_pages_and_no_heading_at_the_foot_of_one():
    long = replace(DOCUMENT, chapters=[SECTION] * 14)
    assert objects(pdf_bytes(long)).count("/Type /Page\n") >= 2


def test_norwegian_letters_are_in_the_typeface_that_it_carries():
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - a library of the writer's own

    from api.files.pdf import FONTS  # noqa: PLC0415

    for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf"):
        known = TTFont(FONTS / name).getBestCmap()
        assert all(ord(letter) in known for letter in "æøåÆØÅ–«»·%\N{NO-BREAK SPACE}é")
