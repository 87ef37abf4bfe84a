"""All rows of a database, sealed bodies opened, so that two can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from nyefamilier.bootstrap import Programme
from nyefamilier.families.holding import wrapped
from nyefamilier.families.tables import FamilyKeyRow
from nyefamilier.schema import METADATA

UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
WRAPPED = {"wrapped"}
HASHED = {"link", "chain", "checksum"}
"""They follow from sealed bytes and from ids, which are random; `history.differing` checks them."""
NUMBERED = {("access_log", "id")}


@dataclass
class Dump:
    """Each table's rows as text, and every id in them."""

    tables: dict[str, list[str]] = field(default_factory=dict)

    def keys(self) -> set[str]:
        return set(self.tables)

    @property
    def ids(self) -> set[str]:
        return {found for rows in self.tables.values() for row in rows for found in ids_in(row)}

    def without(self, table: str, ids: set[str]) -> list[str]:
        """The rows with *ids*, which the programme makes at random, made alike."""
        return [
            UUID_FORM.sub(lambda m: "*" if m[0] in ids else m[0], row) for row in self.tables[table]
        ]


def ids_in(row: str) -> Iterator[str]:
    return (found[0] for found in UUID_FORM.finditer(row))


def rows_of(programme: Programme) -> Dump:
    """Every row; a body is opened, a wrapped key, which is random throughout, is left out."""
    dump = Dump()
    with programme.sessions() as session:
        ciphers = {
            key.family_id: programme.vault.open_family_key(key.family_id, wrapped(key))
            for key in session.scalars(select(FamilyKeyRow))
        }
        for table in METADATA.sorted_tables:
            rows = session.execute(select(table)).mappings().all()
            dump.tables[table.name] = [_text(table.name, row, ciphers) for row in rows]
    return dump


def _text(table: str, row, ciphers) -> str:
    cells = []
    for name, value in sorted(row.items()):
        if name in WRAPPED | HASHED or (table, name) in NUMBERED:
            continue
        if isinstance(value, bytes) and "family_id" in row and name != "national_id_index":
            cipher = ciphers[UUID(str(row["family_id"]))]
            value = cipher.open(table, name, row["id"], row["rev"], value).decode()  # noqa: PLW2901
        cells.append(f"{name}={value!s}")
    return "; ".join(cells)
