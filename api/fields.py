"""The marshmallow fields that request bodies are made of: strict, bounded, with a code per flaw.

marshmallow's own fields are helpful where we must not be: they read ``"5"``, ``true`` and ``1.0``
as one, and ``"yes"`` as true. A test lets no schema of a request body use them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Self, cast
from uuid import UUID

from marshmallow import RAISE, ValidationError
from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as ma

from nyefamilier.kernel import values

_BASE64URL = re.compile(r"^[A-Za-z0-9_-]+$", re.ASCII)


class Flaw(str):
    """What is wrong with a value, with a code that clients may branch on."""

    __slots__ = ("code",)

    code: str

    def __new__(cls, code: str, detail: str) -> Self:
        """A flaw that reads as its detail."""
        flaw = super().__new__(cls, detail)
        flaw.code = code
        return flaw

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        # marshmallow copies its fields deeply.
        return self.code, str(self)


def flawed(code: str, detail: str) -> ValidationError:
    """The error that a field raises."""
    return ValidationError([Flaw(code, detail)])


@contextmanager
def _told() -> Generator[None]:
    """Say in marshmallow's way what is wrong with a value."""
    try:
        yield
    except values.BadValue as bad:
        raise flawed(bad.code, bad.detail) from None


class Schema(MarshmallowSchema):
    """Base of every schema. A member that it does not know is refused, not dropped."""

    error_messages = {  # noqa: RUF012 - marshmallow's own name and type
        "unknown": Flaw("unknown-field", "There is no such field here."),
        "type": Flaw("wrong-type", "This must be an object."),
    }

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class NothingAsked(Schema):
    """A query without parameters: one that is sent would be passed over, and answered amiss."""


class Shown(Schema):
    """Base of what is only sent: a member that is declared is always there."""

    def on_bind_field(self, _field_name: str, field_obj: ma.Field[Any]) -> None:
        """Document the member so."""
        field_obj.required = True


class _Coded:
    """Gives marshmallow's own messages their codes."""

    _CODES = {  # noqa: RUF012
        "required": Flaw("required", "This field is required."),
        "null": Flaw("null", "This field may not be null; leave it out instead."),
        "type": Flaw("wrong-type", "This must be an object."),
    }

    def make_error(self, key: str, **_: Any) -> ValidationError:  # noqa: ANN401
        """The error for one of marshmallow's keys."""
        flaw = self._CODES.get(key, Flaw("wrong-type", "The value has the wrong type."))
        return ValidationError([flaw])


class Text(_Coded, ma.String):
    """Text in NFC without surrounding space; one line, unless *lines*.

    Args:
        max_chars: The most code points.
        min_chars: The fewest.
        lines: Whether newline and tab may occur, as in a note.
    """

    def __init__(
        self,
        max_chars: int,
        *,
        min_chars: int = 1,
        lines: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> None:
        self.max_chars, self.min_chars, self.lines = max_chars, min_chars, lines
        metadata = {"maxLength": max_chars, "minLength": min_chars} | options.pop("metadata", {})
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:  # noqa: ANN401
        with _told():
            return values.text(value, self.max_chars, min_chars=self.min_chars, lines=self.lines)


class Secret(_Coded, ma.String):
    """A password: exactly as it was typed, never shown again."""

    def __init__(self, max_chars: int, **options: Any) -> None:  # noqa: ANN401
        self.max_chars = max_chars
        metadata = {"maxLength": max_chars, "minLength": 1, "format": "password"}
        super().__init__(load_only=True, metadata=metadata, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:  # noqa: ANN401
        if not isinstance(value, str):
            raise flawed("wrong-type", "This must be text.")
        if not 1 <= len(value) <= self.max_chars:
            raise flawed("text-length", f"This must have 1 to {self.max_chars} characters.")
        return value


class Base64Url(_Coded, ma.String):
    """Bytes as base64url without padding; still as text."""

    def __init__(self, max_chars: int, **options: Any) -> None:  # noqa: ANN401
        self.max_chars = max_chars
        metadata = {"maxLength": max_chars, "pattern": _BASE64URL.pattern}
        super().__init__(metadata=metadata | options.pop("metadata", {}), **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:  # noqa: ANN401
        if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
            raise flawed("wrong-type", "This must be base64url without padding.")
        if len(value) > self.max_chars:
            raise flawed("text-length", f"This must have 1 to {self.max_chars} characters.")
        return value


class Whole(_Coded, ma.Integer):
    """An integer within bounds; neither a boolean, nor text, nor 1.0."""

    def __init__(self, minimum: int, maximum: int, **options: Any) -> None:  # noqa: ANN401
        self.minimum, self.maximum = minimum, maximum
        metadata = {"minimum": minimum, "maximum": maximum} | options.pop("metadata", {})
        super().__init__(strict=True, metadata=metadata, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:  # noqa: ANN401
        with _told():
            return values.whole(value, self.minimum, self.maximum)


class Number(_Coded, ma.Float):
    """A finite number within bounds; neither a boolean nor text."""

    def __init__(self, minimum: float, maximum: float, **options: Any) -> None:  # noqa: ANN401
        self.minimum, self.maximum = minimum, maximum
        metadata = {"minimum": minimum, "maximum": maximum} | options.pop("metadata", {})
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:  # noqa: ANN401
        if type(value) not in {int, float}:  # to isinstance a bool is an int
            raise flawed("wrong-type", "This must be a number.")
        if not self.minimum <= value <= self.maximum:  # neither is anything that is no number
            told = f"This must be from {self.minimum:g} to {self.maximum:g}."
            raise flawed("out-of-range", told)
        return float(value)


class QueryWhole(Whole):
    """A `Whole` in a query string, where everything is text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:  # noqa: ANN401
        if not re.fullmatch(r"-?\d{1,15}", str(value), re.ASCII):
            raise flawed("wrong-type", "This must be an integer.")
        return super()._deserialize(int(value))


class Flag(_Coded, ma.Boolean):
    """``true`` or ``false``, nothing that resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:  # noqa: ANN401
        with _told():
            return values.flag(value)


class QueryFlag(Flag):
    """A `Flag` in a query string: ``true`` or ``false``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:  # noqa: ANN401
        return super()._deserialize({"true": True, "false": False}.get(str(value), value))


class Day(_Coded, ma.Date):
    """A calendar day, ``2026-11-21`` and no other form."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:  # noqa: ANN401
        with _told():
            return values.day(value)


class Clock(_Coded, ma.Time):
    """A time of day in Oslo, ``09:30`` and no other form."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        metadata = {"format": "time-of-day", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
        super().__init__(metadata=metadata | options.pop("metadata", {}), **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> time:  # noqa: ANN401
        with _told():
            return values.clock(value)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # noqa: ANN401
        return None if value is None else cast("time", value).isoformat("minutes")


class Instant(_Coded, ma.AwareDateTime):
    """An instant with its offset, ``2026-11-21T09:30:00Z``; in UTC from here on."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:  # noqa: ANN401
        with _told():
            return values.instant(value)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # noqa: ANN401
        if value is None:
            return None
        return cast("datetime", value).astimezone(UTC).isoformat()[: -len("+00:00")] + "Z"


class Id(_Coded, ma.UUID):
    """A UUID in its 36 characters."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:  # noqa: ANN401
        with _told():
            return values.identifier(value)


class StrEnumField(_Coded, ma.Enum[StrEnum]):
    """One of the values of a `StrEnum`."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:  # noqa: ANN401
        super().__init__(enum, by_value=ma.String, **options)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # noqa: ANN401
        return None if value is None else str(self.enum(value).value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> StrEnum:  # noqa: ANN401
        with _told():
            return values.one_of(value, self.enum)


class Word(_Coded, ma.String):
    """One of some words: such as are no `StrEnum`, or only some of one."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:  # noqa: ANN401
        self.words = tuple(map(str, words))
        super().__init__(
            metadata={"enum": list(self.words)} | options.pop("metadata", {}), **options
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:  # noqa: ANN401
        with _told():
            return values.word(value, self.words)


class Part(_Coded, ma.Nested):
    """An object within the object."""


class Many(_Coded, ma.List[Any]):
    """A list with a bound on how many.

    Args:
        inner: The field of one item.
        at_most: The most items.
        at_least: The fewest.
    """

    def __init__(
        self,
        inner: ma.Field[Any],
        *,
        at_most: int = 100,
        at_least: int = 0,
        **options: Any,  # noqa: ANN401
    ) -> None:
        self.at_most, self.at_least = at_most, at_least
        metadata = {"maxItems": at_most, "minItems": at_least} | options.pop("metadata", {})
        super().__init__(inner, metadata=metadata, **options)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> list[Any]:
        with _told():
            values.many(value, self.at_least, self.at_most)
        return cast("list[Any]", super()._deserialize(value, attr, data, **kwargs))
