"""Reads TOML strictly: every word is known, every value is what it should be, or nothing is read.

The programme's own data (protocols, reforms) is edited by people. What they get wrong is told with
the place and the word, never guessed at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

Word = TypeVar("Word", bound=StrEnum)


class Unreadable(ValueError):  # noqa: N818 - a refusal, named for what it says
    """The text is not what it should be; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a TOML text, with the name that errors call it by.

    Every reader raises `Unreadable` when the value is missing or of another kind.
    """

    where: str
    values: Mapping[str, Any]

    def require(self, needed: set[str], optional: set[str]) -> None:
        """Check that all needed words are there, and no word that is not known.

        Raises:
            Unreadable: one is missing, or one is not known.
        """
        if missing := needed - self.values.keys():
            raise self.unreadable(f"{', '.join(sorted(missing))} missing")
        if unknown := self.values.keys() - needed - optional:
            raise self.unreadable(f"{', '.join(sorted(unknown))} not known here")

    def text(self, key: str) -> str:
        """A text with something in it."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.unreadable(f"{key} is a text with words in it")
        return value

    def day(self, key: str) -> date:
        """A calendar day."""
        value = self.values.get(key)
        if type(value) is not date:  # to isinstance a datetime is a date
            raise self.unreadable(f"{key} is a day, as 2016-08-01")
        return value

    def whole(self, key: str) -> int:
        """A whole number, of days or visits, within seven years of days."""
        value = self.values.get(key)
        if type(value) is not int or abs(value) > 2557:  # to isinstance a bool is an int
            raise self.unreadable(f"{key} is a whole number up to 2557")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.unreadable(f"{key} is true or false")
        return value

    def word(self, key: str, words: type[Word]) -> Word:
        """One of a closed set of words."""
        try:
            return words(self.text(key))
        except ValueError:
            raise self.unreadable(f"{key} is one of {', '.join(words)}") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when it is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.unreadable(f"{key} is a list of texts")
        return tuple(value)

    def section(self, key: str) -> Section:
        """A table within this one."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.unreadable(f"{key} is a table of its own")
        return Section(f"{self.where}, {key}", value)

    def sections(self, key: str) -> tuple[Section, ...]:
        """The tables written ``[[key]]``, named by their ``kind`` or their place."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.unreadable(f"{key} is written [[{key}]], once for each")
        return tuple(
            Section(f"{key} {one.get('kind', number)}", one)
            for number, one in enumerate(value, start=1)
        )

    def unreadable(self, why: str) -> Unreadable:
        """The error that says where."""
        return Unreadable(f"{self.where}: {why}")


def parse(text: str, where: str) -> Section:
    """Read a whole TOML text.

    Raises:
        Unreadable: it is not TOML.
    """
    try:
        return Section(where, tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise Unreadable(f"{where}: not TOML: {problem}") from problem
