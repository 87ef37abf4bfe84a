"""A family's records as they are answered: all of a kind, or one, with its version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from nyefamilier.kernel.errors import NotFound

ETAG: Final[dict[str, Any]] = {
    "ETag": {
        "description": 'The version, as `"41"`.',
        "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
        "required": True,
    }
}
"""The header as OpenAPI has it."""


@dataclass(frozen=True, slots=True)
class Items:
    """All of a family's records of one kind. A family has few, so there are no pages."""

    items: Sequence[object]


class Identified(Protocol):
    """What has an id."""

    @property
    def id(self) -> UUID:
        """The record's id."""


Record = TypeVar("Record", bound=Identified)


def the_one(records: Iterable[Record], record_id: UUID, what: str) -> Record:
    """The record with this id.

    Raises:
        NotFound: there is none.
    """
    for record in records:
        if record.id == record_id:
            return record
    raise NotFound(what)
