"""What stories need to be played."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import sessionmaker

from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.storage.work import Subscribers
from nyefamilier.vault.vault import Vault

DOORWAY = "demo"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story needs to be played: the database, the vault, and who hears of what."""

    sessions: sessionmaker[WriteBehind]
    vault: Vault
    subscribers: Subscribers
