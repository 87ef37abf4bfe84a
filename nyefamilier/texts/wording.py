"""What a text says, in the recipient's language: templates that ship as data, filled in; pure.

A template knows a day, a time and how to reach us. There is no place in it for anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Formatter
from typing import Final

from babel.dates import format_date

from nyefamilier.kernel import toml
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.toml import Section, Unreadable
from nyefamilier.texts.states import Kind

FALLBACK: Final = "nb"
"""The language of whoever speaks one that there is no template in."""

MOST_CHARS: Final = 480
"""The longest text: no gateway cuts it, and nobody stops reading."""

_SLOTS: Final = frozenset({"day", "time", "reach"})
_OTHERS: Final = {"reviewed", "direction", "day", "reach_number", "reach_nurse"}
_RIGHT_TO_LEFT_MARK, _ISOLATE, _END = "\u200f", "\u2066", "\u2069"


class Direction(StrEnum):
    """Which way a language is written."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


@dataclass(frozen=True, slots=True)
class Template:
    """One language's words."""

    language: str
    reviewed: bool
    direction: Direction
    day: str
    words: dict[Kind, str]
    reach_number: str
    reach_nurse: str


def words_of(
    kind: Kind, visit_at: datetime, language: str | None, contact: str | None = None
) -> str:
    """The text, in *language* where there is a template in it, else in Norwegian bokmål.

    Args:
        kind: What it is for.
        visit_at: When the visit is, or was.
        language: ISO 639-1; region and script are ignored. None where nobody has said.
        contact: The number that parents may call.
    """
    template = template_in(language)
    local = visit_at.astimezone(OSLO)
    if contact is None:
        reach = template.reach_nurse
    else:
        reach = template.reach_number.format(number=_apart(template, contact))
    told = template.words[kind].format(
        day=format_date(local.date(), template.day, locale=template.language),
        time=_apart(template, f"{local:%H:%M}"),
        reach=reach,
    )
    return f"{_RIGHT_TO_LEFT_MARK}{told}" if _is_right_to_left(template) else told


def template_in(language: str | None) -> Template:
    """The words of *language*, or of bokmål where there are none."""
    known = templates()
    code = (language or FALLBACK).lower().replace("_", "-").partition("-")[0]
    return known.get(code, known[FALLBACK])


@cache
def templates() -> dict[str, Template]:
    """Every language that there is, by its code.

    Raises:
        Unreadable: the data is not what it should be.
    """
    text = resources.files("nyefamilier.texts").joinpath("data/wording.toml").read_text("utf-8")
    return read_templates(text)


def read_templates(text: str) -> dict[str, Template]:
    """The templates that a TOML text tells.

    Raises:
        Unreadable: a word is missing or not known, or a template asks for what no text may say.
    """
    whole = toml.parse(text, "wording")
    found = {code: _template(code, whole.section(code)) for code in whole.values}
    if FALLBACK not in found:
        raise Unreadable(f"there are no words in {FALLBACK}")
    return found


def _template(code: str, section: Section) -> Template:
    section.require(_OTHERS | set(Kind), set())
    words = {kind: _slotted(section, kind, _SLOTS) for kind in Kind}
    return Template(
        language=code,
        reviewed=section.flag("reviewed"),
        direction=section.word("direction", Direction),
        day=section.text("day"),
        words=words,
        reach_number=_slotted(section, "reach_number", frozenset({"number"})),
        reach_nurse=_slotted(section, "reach_nurse", frozenset()),
    )


def _slotted(section: Section, key: str, slots: frozenset[str]) -> str:
    told = section.text(key)
    for _, name, form, conversion in Formatter().parse(told):
        if name is not None and (name not in slots or form or conversion):
            raise section.unreadable(f"{key} asks for {name!r}, which no text may say")
    return told


def _is_right_to_left(template: Template) -> bool:
    return template.direction is Direction.RIGHT_TO_LEFT


def _apart(template: Template, told: str) -> str:
    """Digits among words that are written from right to left, kept in their own order."""
    return f"{_ISOLATE}{told}{_END}" if _is_right_to_left(template) else told
