"""A document as PDF on A4: the pages' own typeface inside it, a title, a language, an outline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from struct import unpack
from typing import TYPE_CHECKING, Final

from api.files.documents import Chapter, Document, Picture

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS: Final = Path(__file__).parents[1] / "static" / "vendor" / "inter" / "ttf"
_MARGIN = 18
_WIDTHS: Final = (44, 13, 11, 14, 18)
_TOGETHER: Final = 48
"""Millimetres that a heading and the beginning of what stands under it take."""
_CAPTION: Final = 16
"""Millimetres that what a chart shows takes above it."""
_INK: Final = (30, 27, 75)
_QUIET: Final = (84, 84, 98)
_LINE: Final = (205, 205, 215)


def pdf_bytes(document: Document) -> bytes:
    """The document; the same one gives the same bytes."""
    pdf = _begun(document)
    _head(pdf, document)
    for chapter in document.chapters:
        _chapter(pdf, chapter)
    _about(pdf, *document.about)
    return bytes(pdf.output())


def _begun(document: Document) -> FPDF:
    from fpdf import FPDF  # noqa: PLC0415 - only who makes a file pays for it

    class Paged(FPDF):
        """Numbers its pages."""

        def footer(self) -> None:
            """The page's number, at its foot."""
            self.set_y(-12)
            self.set_font("Inter", size=8)
            self.set_text_color(*_QUIET)
            told = f"{document.title} · {document.page} {self.page_no()}"
            self.cell(0, 5, told, align="C")

    pdf = Paged(format="A4")
    pdf.add_font("Inter", fname=FONTS / "Inter-Regular.ttf")
    pdf.add_font("Inter", style="B", fname=FONTS / "Inter-SemiBold.ttf")
    pdf.set_lang(document.language)
    pdf.set_title(f"{document.title}, {document.subtitle}")
    pdf.set_creator("Nye familier")
    pdf.set_creation_date(datetime.combine(document.made_of, time(), UTC))
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    pdf.set_draw_color(*_LINE)
    pdf.add_page()
    return pdf


def _head(pdf: FPDF, document: Document) -> None:
    pdf.set_font("Inter", style="B", size=20)
    pdf.set_text_color(*_INK)
    _paragraph(pdf, document.title, 10)
    pdf.set_font("Inter", size=11)
    pdf.set_text_color(*_QUIET)
    _paragraph(pdf, document.subtitle, 6)


def _chapter(pdf: FPDF, chapter: Chapter) -> None:
    # A heading does not stand alone at the foot of a page.
    if pdf.will_page_break(_TOGETHER):
        pdf.add_page()
    _heading(pdf, chapter.title)
    pdf.set_font("Inter", size=8.5)
    pdf.set_text_color(*_QUIET)
    for note in chapter.notes:
        _paragraph(pdf, note, 4.4)
    for picture in chapter.pictures:
        _picture(pdf, picture)
    if chapter.rows:
        _table(pdf, chapter)


def _picture(pdf: FPDF, picture: Picture) -> None:
    # What a chart shows does not stand alone at the foot of a page.
    if pdf.will_page_break(_CAPTION + pdf.epw * _height_by_width(picture.png)):
        pdf.add_page()
    pdf.ln(2)
    pdf.set_font("Inter", style="B", size=9)
    pdf.set_text_color(*_INK)
    _paragraph(pdf, picture.caption, 4.6)
    pdf.ln(1)
    pdf.image(BytesIO(picture.png), w=pdf.epw, alt_text=picture.alt)
    pdf.ln(1)


def _height_by_width(png: bytes) -> float:
    """How high a picture is beside its width, as its header tells."""
    width, height = unpack(">II", png[16:24])
    return float(height / width)


def _table(pdf: FPDF, chapter: Chapter) -> None:
    from fpdf.fonts import FontFace  # noqa: PLC0415 - only who makes a file pays for it

    pdf.ln(1.5)
    pdf.set_font("Inter", size=9)
    pdf.set_text_color(0, 0, 0)
    numbers = len(chapter.header) - 1
    with pdf.table(
        col_widths=tuple(chapter.widths) or _WIDTHS,
        text_align=("LEFT", *(["LEFT" if chapter.is_words else "RIGHT"] * numbers)),
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", size_pt=8.5),
        line_height=5.2,
        padding=0.6,
    ) as table:
        table.row(list(chapter.header))
        for row in chapter.rows:
            table.row(list(row))


def _about(pdf: FPDF, title: str, pairs: Sequence[tuple[str, str]]) -> None:
    _heading(pdf, title)
    for label, text in pairs:
        pdf.set_text_color(0, 0, 0)
        pdf.set_font("Inter", style="B", size=9)
        _paragraph(pdf, label, 5)
        pdf.set_font("Inter", size=9)
        _paragraph(pdf, text, 4.6)
        pdf.ln(1.5)


def _heading(pdf: FPDF, title: str) -> None:
    pdf.ln(5)
    pdf.set_font("Inter", style="B", size=13)
    pdf.set_text_color(*_INK)
    pdf.start_section(title)
    _paragraph(pdf, title, 7)


def _paragraph(pdf: FPDF, text: str, height: float) -> None:
    pdf.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
