"""The operations as they travel, read strictly into intents and written the same way."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, cast

import msgspec

from nyefamilier.door.catalogue import NAMES, SHAPES
from nyefamilier.door.mutations import Operation
from nyefamilier.door.shapes import read
from nyefamilier.families.intents import UpdateMember
from nyefamilier.kernel import strict_json
from nyefamilier.kernel.errors import RuleBroken

_NUL: Final = rb"\u0000"


def decode(op: bytes) -> Operation:
    """The operation that an object on the wire stands for; ``op`` is its name.

    Raises:
        Malformed: ``malformed-json``.
        RuleBroken: ``unknown-operation``; ``invalid-fields``, with a pointer to the first flaw.
    """
    return operation_of(_read(op))


def operation_of(told: dict[str, strict_json.Json]) -> Operation:
    """The operation that a decoded object stands for.

    Raises:
        RuleBroken: ``unknown-operation``, ``invalid-fields``.
    """
    name = told.get("op")
    shape = SHAPES.get(name) if isinstance(name, str) else None
    if shape is None:
        raise RuleBroken(
            "unknown-operation",
            "There is no operation of this name; docs/sync-protocol.md has those that there are.",
            pointer="/op",
        )
    rest = {key: value for key, value in told.items() if key != "op"}
    return cast("Operation", read(shape, rest))


def encode(operation: Operation) -> dict[str, Any]:
    """The operation as it travels: plain values, and nothing that goes without saying."""
    told = {name: _plain(value) for name, value in _told(operation)}
    return {"op": NAMES[type(operation)], **told}


def _told(operation: Operation) -> list[tuple[str, Any]]:
    """The fields that travel: of a change those that it tells, of the rest those that it has."""
    if isinstance(operation, UpdateMember):
        only = _CHANGEABLE if operation.only is None else operation.only
        told = [(name, getattr(operation, name)) for name in ("member_id", *only)]
        return [one for one in told if one != ("no_texts", None)]
    found = [(one.name, getattr(operation, one.name)) for one in fields(operation)]
    return [(name, value) for name, value in found if value is not None]


_CHANGEABLE: Final = (
    "name",
    "national_id",
    "national_id_type",
    "phone",
    "language",
    "interpreter",
    "no_texts",
)


def _plain(value: object) -> Any:  # noqa: ANN401 - a JSON value
    return _without_null(msgspec.to_builtins(value))


def _without_null(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    match value:
        case dict():
            return {name: _without_null(one) for name, one in value.items() if one is not None}
        case list() | tuple():
            return [_without_null(one) for one in value]
        case _:
            return value


def _read(op: bytes) -> dict[str, strict_json.Json]:
    """The object on the wire.

    What equals what we would write ourselves needs no strict reading: it holds no key twice,
    since one of them would be gone, and nothing that two readers understand differently.
    """
    try:
        told = msgspec.json.decode(op)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return strict_json.decode(op)
    if not isinstance(told, dict) or _NUL in op or msgspec.json.encode(told) != op:
        return strict_json.decode(op)
    return told
