"""Write the names that the field app carries: `python -m tests.fieldapp.names`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.protocols.service import all_protocols

PLACE = Path(__file__).parents[2] / "fieldapp" / "src" / "shown" / "names.js"
_HEAD = """// @ts-check
// Names that change with the programme's data: Oslo's delbydeler and the kinds of visits.
// Written by `python -m tests.fieldapp.names`; a test keeps the two alike.

/** Delbydeler by code, retired ones too. @type {Readonly<Record<string, string>>} */
export const DELBYDELER = """
_VISITS = """;

/** Kinds of visits: in bokmål, in English. @type {Readonly<Record<string, readonly string[]>>} */
export const VISITS = """


def names() -> str:
    """The module."""
    places = {str(one.code): one.name for one in packaged_boundaries().delbydeler}
    visits = {
        visit.kind: [visit.name_nb, visit.name_en]
        for protocol in all_protocols()
        for visit in protocol.visits
    }
    return f"{_HEAD}{_lines(places)}{_VISITS}{_lines(visits)};\n"


def _lines(told: Mapping[str, str | list[str]]) -> str:
    rows = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
        for name, value in told.items()
    ]
    return "{\n" + "".join(rows) + "}"


def main() -> None:
    """Write it."""
    PLACE.write_text(names(), encoding="utf-8")


if __name__ == "__main__":
    main()
