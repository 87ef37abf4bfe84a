"""The ciphers of many families, for a phone that is to have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from nyefamilier.storage.work import Work
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import FamilyCipher, WrappedKey

_KEYS: Final = """
    SELECT family_id, id, version, provider, kek, kek_version, wrapped
    FROM family_key WHERE family_id = ANY(%(families)s::uuid[])
"""


def ciphers_of(
    work: Work, connection: Connection, families: Iterable[UUID]
) -> dict[UUID, FamilyCipher]:
    """The cipher of each family, in one question to the database and one to the key provider.

    Raises:
        Unavailable: the key provider is away.
    """
    keys = {
        family: WrappedKey(id_, version, Wrapped(*wrapped))
        for family, id_, version, *wrapped in connection.exec_driver_sql(
            _KEYS, {"families": list(families)}
        )
    }
    return work.vault.open_family_keys(keys)
