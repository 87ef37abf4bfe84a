"""What somebody typed into a form, read field by field, with everything that is wrong with it.

A reader never raises: it notes what is wrong and answers with nothing, so that all flaws are told
at once and nothing typed is lost. ``form.ok`` is asked once, when all has been read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from api.web.texts import _
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import Refusal
from nyefamilier.kernel.values import YEARS

Enumeration = TypeVar("Enumeration", bound=StrEnum)
Read = TypeVar("Read")

_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NORWEGIAN_DAY = re.compile(r"(\d{1,2})[./ ]\s?(\d{1,2})[./ ]\s?(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})(?::\d{2})?", re.ASCII)


class Form:
    """One form: what was typed, and what is wrong with it.

    Args:
        typed: The fields as they came; None for a form that nobody has filled in yet.
    """

    def __init__(self, typed: MultiDict[str, str] | None = None) -> None:
        # A copy that can be written to: Flask's own cannot.
        self.typed: MultiDict[str, str] = MultiDict(() if typed is None else typed)
        self.sent = typed is not None
        self.errors: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.refused: Refusal | None = None
        """What the programme refused it for."""
        self.mostly_optional = False
        """Whether the page tells which few fields are needed, instead of marking all the others."""

    @property
    def ok(self) -> bool:
        """Whether nothing has been found wrong so far."""
        return not self.errors

    def value(self, name: str) -> str:
        """What stands in the field, as typed."""
        return str(self.typed.get(name, ""))

    def values(self, name: str) -> list[str]:
        """What is ticked among several."""
        return [str(value) for value in self.typed.getlist(name)]

    def suggest(self, **fields: str | Iterable[str]) -> None:
        """Fill in the fields of a form that nobody has sent yet."""
        if self.sent:
            return
        for name, value in fields.items():
            if name not in self.typed:
                self.typed.setlist(name, [value] if isinstance(value, str) else list(value))

    def error(self, name: str) -> str | None:
        """What is wrong with the field, or None."""
        return self.errors.get(name)

    def label(self, name: str, words: str) -> str:
        """Remember what the page calls a field, for the summary of errors; says nothing itself."""
        self.labels[name] = words
        return ""

    def wrong(self, name: str, message: str) -> None:
        """Note what is wrong with a field; the first thing said of it stands."""
        self.errors.setdefault(name, message)

    def flaws(self) -> list[tuple[str, str]]:
        """Field and message, in the order in which the fields stand on the page."""
        places = {name: place for place, name in enumerate(self.labels)}
        return sorted(self.errors.items(), key=lambda flaw: places.get(flaw[0], -1))

    def text(self, name: str, *, limit: int, required: bool = False) -> str | None:
        """Some text without space around it; None when the field is empty."""
        found = self._written(name, required=required, missing=_("Fill this in."))
        if found is None:
            return None
        written = unicodedata.normalize("NFC", found.replace("\r\n", "\n"))
        if len(written) > limit:
            over = len(written) - limit
            self.wrong(name, _("This is %(over)d characters too long. Shorten it.", over=over))
        if any(_unfit(character) for character in written):
            self.wrong(
                name,
                _("This holds a hidden character. Write the text anew, or paste it as plain text."),
            )
        return written

    def choice(
        self, name: str, kind: type[Enumeration], *, required: bool = True
    ) -> Enumeration | None:
        """One of the words of *kind*."""
        chosen = self._written(name, required=required, missing=_("Choose one."))
        return self._read(name, chosen, kind, _("Choose one from the list."))

    def choices(self, name: str, kind: type[Enumeration]) -> tuple[Enumeration, ...]:
        """Those words of *kind* that are ticked, each once."""
        known = {str(member): member for member in kind}
        ticked = dict.fromkeys(self.values(name))
        if not ticked.keys() <= known.keys():
            self.wrong(name, _("Choose from the list."))
        return tuple(known[word] for word in ticked if word in known)

    def ticked(self, name: str) -> bool:
        """Whether a single box is ticked."""
        return bool(self.value(name))

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A date, as a date field sends it or as people in Norway write it.

        A year that no date of ours can have, 1026 or 0206, is asked about here, as it is over REST.
        How far back something can have happened is for the programme's rules.
        """
        written = self._written(name, required=required, missing=_("Fill in a date."))
        unfit = _("This is not a date. Write it like 24.12.2026.")
        found = self._read(name, written, _day, unfit)
        if found is not None and found.year < YEARS.start:
            self.wrong(name, _("This is before %(year)d. Check the year.", year=YEARS.start))
        return found

    def moment(self, day: str, clock: str, *, required: bool = False) -> datetime | None:
        """An instant in Oslo, from a date field and a time field."""
        on = self.day(day, required=required)
        at = self.time(clock, required=required or on is not None)
        if at is not None and on is None:
            self.wrong(day, _("Fill in a date."))
        return None if on is None or at is None else datetime.combine(on, at, tzinfo=OSLO)

    def time(self, name: str, *, required: bool = False) -> time | None:
        """A time of day."""
        written = self._written(name, required=required, missing=_("Fill in a time."))
        return self._read(name, written, _time, _("This is not a time. Write it like 09.30."))

    def number(self, name: str, low: int, high: int, *, required: bool = False) -> int | None:
        """A whole number from *low* to *high*."""
        written = self._written(name, required=required, missing=_("Fill in a number."))
        if written is None:
            return None
        if not re.fullmatch(r"\d{1,16}", written, re.ASCII) or not low <= int(written) <= high:
            self.wrong(name, _("Write a number from %(low)d to %(high)d.", low=low, high=high))
            return None
        return int(written)

    def id(self, name: str) -> UUID | None:
        """An id that the page itself put there."""
        try:
            return UUID(self.value(name))
        except ValueError:
            return None

    def _written(self, name: str, *, required: bool, missing: str) -> str | None:
        written = self.value(name).strip()
        if required and not written:
            self.wrong(name, missing)
        return written or None

    def _read(
        self, name: str, written: str | None, read: Callable[[str], Read], unfit: str
    ) -> Read | None:
        try:
            return None if written is None else read(written)
        except ValueError:
            self.wrong(name, unfit)
            return None


def _day(written: str) -> date:
    """Read a date.

    Raises:
        ValueError: it is none.
    """
    if found := _ISO_DAY.fullmatch(written):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NORWEGIAN_DAY.fullmatch(written):
        return date(int(found[3]), int(found[2]), int(found[1]))
    raise ValueError(written)


def _time(written: str) -> time:
    """Read a time of day.

    Raises:
        ValueError: it is none.
    """
    found = _TIME.fullmatch(written)
    if found is None:
        raise ValueError(written)
    return time(int(found[1]), int(found[2]))


def _unfit(character: str) -> bool:
    """Whether a character has no place in a text: a control, or one that turns the writing."""
    turns = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return turns or (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t")
