"""The marshmallow fields that request bodies are made of: strict, bounded, with a code per flaw.

marshmallow's own fields are helpful where we must not be: they read ``"5"``, ``true`` and ``1.0``
as one, and ``"yes"`` as true. A test lets no schema of a request body use them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from marshmallow import RAISE, ValidationError
from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as ma

Enumeration = TypeVar("Enumeration", bound=StrEnum)

_YEARS = range(1900, 2200)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: what is read differs from what is stored."""


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


class Schema(MarshmallowSchema):
    """Base of every schema. A member that it does not know is refused, not dropped."""

    error_messages = {  # noqa: RUF012 - marshmallow's own name and type
        "unknown": Flaw("unknown-field", "There is no such field here."),
        "type": Flaw("wrong-type", "This must be an object."),
    }

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


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
        if not isinstance(value, str):
            raise flawed("wrong-type", "This must be text.")
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        if any(_is_unfit(character, lines=self.lines) for character in text):
            raise flawed("unfit-character", "The text holds a control character; remove it.")
        if not self.min_chars <= len(text) <= self.max_chars:
            raise flawed(
                "text-length",
                f"The text must have {self.min_chars} to {self.max_chars} characters.",
            )
        return text


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


class Whole(_Coded, ma.Integer):
    """An integer within bounds; neither a boolean, nor text, nor 1.0."""

    def __init__(self, minimum: int, maximum: int, **options: Any) -> None:  # noqa: ANN401
        self.minimum, self.maximum = minimum, maximum
        metadata = {"minimum": minimum, "maximum": maximum} | options.pop("metadata", {})
        super().__init__(strict=True, metadata=metadata, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:  # noqa: ANN401
        if not isinstance(value, int) or isinstance(value, bool):
            raise flawed("wrong-type", "This must be an integer.")
        if not self.minimum <= value <= self.maximum:
            raise flawed("out-of-range", f"This must be {self.minimum} to {self.maximum}.")
        return value


class QueryWhole(Whole):
    """A `Whole` in a query string, where everything is text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:  # noqa: ANN401
        if not re.fullmatch(r"-?\d{1,15}", str(value), re.ASCII):
            raise flawed("wrong-type", "This must be an integer.")
        return super()._deserialize(int(value))


class Flag(_Coded, ma.Boolean):
    """``true`` or ``false``, nothing that resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:  # noqa: ANN401
        if not isinstance(value, bool):
            raise flawed("wrong-type", "This must be true or false.")
        return value


class QueryFlag(Flag):
    """A `Flag` in a query string: ``true`` or ``false``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:  # noqa: ANN401
        return super()._deserialize({"true": True, "false": False}.get(str(value), value))


class Day(_Coded, ma.Date):
    """A calendar day, ``2026-11-21`` and no other form."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:  # noqa: ANN401
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise flawed("wrong-type", "This must be a day like 2026-11-21.")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise flawed("no-such-day", "There is no such day in the calendar.") from None
        return _within_years(day)


class Instant(_Coded, ma.AwareDateTime):
    """An instant with its offset, ``2026-11-21T09:30:00Z``; in UTC from here on."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:  # noqa: ANN401
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise flawed("wrong-type", "This must be an instant like 2026-11-21T09:30:00+01:00.")
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise flawed("no-such-day", "There is no such instant.") from None
        return _within_years(instant).astimezone(UTC)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # noqa: ANN401
        if value is None:
            return None
        return cast("datetime", value).astimezone(UTC).isoformat().replace("+00:00", "Z")


class Id(_Coded, ma.UUID):
    """A UUID in its 36 characters."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:  # noqa: ANN401
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise flawed("wrong-type", "This must be a UUID in its 36 characters.")
        return UUID(value)


class StrEnumField(_Coded, ma.Enum[StrEnum]):
    """One of the values of a `StrEnum`."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:  # noqa: ANN401
        super().__init__(enum, by_value=ma.String, **options)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # noqa: ANN401
        return None if value is None else str(self.enum(value).value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> StrEnum:  # noqa: ANN401
        try:
            return self.enum(value if isinstance(value, str) else "")
        except ValueError:
            choices = ", ".join(str(member.value) for member in self.enum)
            raise flawed("unknown-value", f"This must be one of: {choices}.") from None


class Word(_Coded, ma.String):
    """One of some words: such as are no `StrEnum`, or only some of one."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:  # noqa: ANN401
        self.words = tuple(map(str, words))
        super().__init__(
            metadata={"enum": list(self.words)} | options.pop("metadata", {}), **options
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:  # noqa: ANN401
        if value not in self.words:
            raise flawed("unknown-value", f"This must be one of: {', '.join(self.words)}.")
        return cast("str", value)


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
        if not isinstance(value, list):
            raise flawed("wrong-type", "This must be a list.")
        if not self.at_least <= len(value) <= self.at_most:
            raise flawed("list-length", f"This must have {self.at_least} to {self.at_most} items.")
        return cast("list[Any]", super()._deserialize(value, attr, data, **kwargs))


def _is_unfit(character: str, *, lines: bool) -> bool:
    if lines and character in "\n\t":
        return False
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"} or character in _TURNING:
        return True
    # Invisible characters make two names look alike; in a note they join emoji and are welcome.
    return category == "Cf" and not lines


_Dated = TypeVar("_Dated", date, datetime)


def _within_years(day: _Dated) -> _Dated:
    if day.year not in _YEARS:
        raise flawed("out-of-range", f"The year must be {_YEARS[0]} to {_YEARS[-1]}.")
    return day
