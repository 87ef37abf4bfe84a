"""Writes the values of a plan's document in TOML, so that reading gives the same values. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def toml_of(values: Mapping[str, Any]) -> str:
    """The document. Comments of a document that the values were read from are not in them."""
    return "\n".join(_table((), values)).strip("\n") + "\n"


def _table(path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[str]:
    """A table's own values first; then its tables, each under its whole name."""
    later = {key: one for key, one in values.items() if _is_table(one) or _is_tables(one)}
    for key, one in values.items():
        if key not in later:
            yield f"{_key(key)} = {_value(one)}"
    for key, one in later.items():
        name = ".".join(map(_key, (*path, key)))
        for head, rows in ((f"[{name}]", [one]),) if _is_table(one) else ((f"[[{name}]]", one),):
            for row in rows:
                yield f"\n{head}"
                yield from _table((*path, key), row)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _value(value: Any) -> str:  # noqa: ANN401 - whatever TOML has
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)  # TOML writes inf and nan as Python does
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            parts = (f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {', '.join(parts)} }}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return _text(str(value))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # What JSON escapes TOML escapes alike; of the control characters JSON leaves one alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
