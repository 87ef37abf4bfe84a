"""A document to print: chapters of notes and a table, and what is to be known of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart.

    Args:
        png: What is printed.
        alt: The same in words, for who does not see it.
        caption: What it shows.
    """

    png: bytes
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading and what stands under it.

    Args:
        title: The heading.
        notes: Paragraphs before the table.
        header: The table's heads; the first column is text and the others are numbers.
        rows: Its rows; none where there is no table.
        widths: How wide the columns are beside each other; of five columns the usual.
        is_words: Whether the other columns are text too.
        pictures: Charts between the notes and the table.
    """

    title: str
    notes: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    is_words: bool = False
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Args:
        title: What it is.
        subtitle: Of when.
        language: As PDF names it, ``nb-NO``.
        made_of: The day that it tells of.
        chapters: In order.
        about: Its last chapter's title and pairs of a label and a text.
        page: What a page is called in its footer.
    """

    title: str
    subtitle: str
    language: str
    made_of: date
    chapters: Sequence[Chapter]
    about: tuple[str, Sequence[tuple[str, str]]]
    page: str
