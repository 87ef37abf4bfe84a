"""What an object on the wire looks like, and how it becomes a value.

A shape names its members; each member is read by a function of its own. All flaws of an object are
found before it is refused, each with a pointer to where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

from nyefamilier.kernel import values
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.strict_json import escaped
from nyefamilier.kernel.values import BadValue

Reader: TypeAlias = Callable[[object, "Reading", str], Any]
"""Reads a value that stands at a pointer; what is wrong with it is told to the reading."""

Enumeration = TypeVar("Enumeration", bound=StrEnum)

_NOTHING: Final = object()
"""Stands for a value that could not be read; a flaw has been told."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and where."""

    pointer: str
    code: str
    detail: str


@dataclass(slots=True)
class Reading:
    """What has been found wrong so far."""

    flaws: list[Flaw] = field(default_factory=list)

    def tell(self, pointer: str, code: str, detail: str) -> object:
        """Note a flaw, and give what stands for the value."""
        self.flaws.append(Flaw(pointer, code, detail))
        return _NOTHING


class FlawedFields(RuleBroken):
    """Members that do not have the shape that they should have; the first one is pointed at."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("invalid-fields", flaws[0].detail, pointer=flaws[0].pointer)
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object.

    Args:
        read: How its value is read.
        required: Whether it must be there.
        empties: Whether null is taken, and means that there is none.
        many: The bounds of a list, for who looks at the shape.
        shape: The shape of the object that the value is, or that its items are.
        bounds: What bounds the value, for who looks at the shape.
    """

    read: Reader
    required: bool = False
    empties: bool = False
    many: tuple[int, int] | None = None
    shape: Shape | None = None
    bounds: tuple[object, ...] = ()

    def must(self) -> Member:
        """The same member, where it must be there."""
        return replace(self, required=True)

    def or_null(self) -> Member:
        """The same member, where null empties it."""
        return replace(self, empties=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its members, and what it becomes."""

    become: Callable[..., Any]
    members: Mapping[str, Member]


def read(shape: Shape, value: object, pointer: str = "") -> Any:  # noqa: ANN401 - what it becomes
    """The value that an object of *shape* stands for.

    Raises:
        FlawedFields: ``invalid-fields``, with every flaw.
    """
    reading = Reading()
    found = _object(shape, value, reading, pointer)
    if reading.flaws:
        raise FlawedFields(reading.flaws)
    return found


def text(max_chars: int, *, min_chars: int = 1, lines: bool = False) -> Member:
    """Text; see `kernel.values.text`."""

    def of(value: object) -> str:
        return values.text(value, max_chars, min_chars=min_chars, lines=lines)

    return _member(of, "text", max_chars, min_chars, lines)


def whole(minimum: int, maximum: int) -> Member:
    """An integer within bounds."""
    return _member(lambda value: values.whole(value, minimum, maximum), "whole", minimum, maximum)


def flag() -> Member:
    """``true`` or ``false``."""
    return _member(values.flag, "flag")


def day() -> Member:
    """A calendar day."""
    return _member(values.day, "day")


def instant() -> Member:
    """An instant."""
    return _member(values.instant, "instant")


def identifier() -> Member:
    """A UUID."""
    return _member(values.identifier, "id")


def one_of(choices: type[Enumeration], *but: Enumeration) -> Member:
    """One of an enumeration's values; only of *but*, where those are named."""
    words = tuple(str(one) for one in but or choices)
    return _member(lambda value: choices(values.word(value, words)), "word", *words)


def word(*words: str) -> Member:
    """One of some words."""
    return _member(lambda value: values.word(value, words), "word", *words)


def part(shape: Shape) -> Member:
    """An object within the object."""

    def of(value: object, reading: Reading, pointer: str) -> object:
        return _object(shape, value, reading, pointer)

    return Member(of, shape=shape)


def several(item: Member, at_least: int, at_most: int) -> Member:
    """A list of items, which becomes a tuple."""

    def of(value: object, reading: Reading, pointer: str) -> object:
        try:
            items = values.many(value, at_least, at_most)
        except BadValue as bad:
            return reading.tell(pointer, bad.code, bad.detail)
        return tuple(
            _value(item, one, reading, f"{pointer}/{number}") for number, one in enumerate(items)
        )

    return Member(of, many=(at_least, at_most), shape=item.shape, bounds=item.bounds)


def _member(of: Callable[[object], object], *bounds: object) -> Member:
    def told(value: object, reading: Reading, pointer: str) -> object:
        try:
            return of(value)
        except BadValue as bad:
            return reading.tell(pointer, bad.code, bad.detail)

    return Member(told, bounds=bounds)


def _object(shape: Shape, value: object, reading: Reading, pointer: str) -> object:
    if not isinstance(value, dict):
        return reading.tell(pointer, "wrong-type", "This must be an object.")
    before = len(reading.flaws)
    for name in value.keys() - shape.members.keys():
        reading.tell(f"{pointer}/{escaped(name)}", "unknown-field", "There is no such field here.")
    told = {
        name: _value(member, value.get(name, _NOTHING), reading, f"{pointer}/{name}")
        for name, member in shape.members.items()
        if name in value or member.required
    }
    return shape.become(**told) if len(reading.flaws) == before else _NOTHING


def _value(member: Member, value: object, reading: Reading, pointer: str) -> object:
    if value is _NOTHING:
        return reading.tell(pointer, "required", "This field is required.")
    if value is not None:
        return member.read(value, reading, pointer)
    if member.empties:
        return None
    detail = "This field may not be null; leave it out instead."
    return reading.tell(pointer, "null", detail)
