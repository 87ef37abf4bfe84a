"""What lies in a phone's store: an SQLite file whose bodies are sealed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

VERSION: Final = 1

TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- What the nurse wrote and the server has not named yet. raw is what is pushed, sealed to this
-- store, and escrow is the same, sealed to the server. It is all that is left when raw is NULL.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, family BLOB NOT NULL,
  raw BLOB, escrow BLOB NOT NULL, escrow_key TEXT NOT NULL,
  refused TEXT, escrowed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What the server has, until a verified backup has it too: a restored server is told it again.
CREATE TABLE journal (
  device BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, family BLOB NOT NULL,
  raw BLOB, escrow BLOB NOT NULL, escrow_key TEXT NOT NULL,
  status TEXT NOT NULL, reason TEXT, rev INTEGER,
  acked_at TEXT NOT NULL, PRIMARY KEY (device, seq)
) STRICT;
CREATE INDEX journal_family ON journal (family);
CREATE INDEX journal_acked ON journal (acked_at);

-- The families' records, each at the revision that last wrote it.
CREATE TABLE row (
  family BLOB NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, rev INTEGER NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (family, kind, id)
) STRICT;
CREATE TABLE cursor (
  family BLOB PRIMARY KEY, rev INTEGER NOT NULL, chain BLOB NOT NULL, checksum INTEGER NOT NULL
) STRICT;

-- A family's new copy, until its last part is here.
CREATE TABLE arrival (
  family BLOB PRIMARY KEY, at INTEGER NOT NULL, chain BLOB NOT NULL, next INTEGER NOT NULL
) STRICT;
CREATE TABLE arrived (
  family BLOB NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, rev INTEGER NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (family, kind, id)
) STRICT;

CREATE TABLE scope (family BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Families to give up, where gone is how many rows were deleted, once they are.
CREATE TABLE leaving (
  family BLOB PRIMARY KEY, purge_id BLOB NOT NULL, reason TEXT NOT NULL, gone INTEGER
) STRICT;
"""

_PRAGMAS: Final = (
    # One process has the file; a second is refused instead of writing beside it.
    "locking_mode = EXCLUSIVE",
    "journal_mode = WAL",
    # NORMAL would lose the last commits when the power goes, after the screen said that they are
    # safe.
    "synchronous = FULL",
    "secure_delete = ON",
    "temp_store = MEMORY",
)


def connect(path: Path) -> sqlite3.Connection:
    """The store at *path*, which nobody else has open.

    Raises:
        sqlite3.OperationalError: another process has it open, or it cannot be written.
        sqlite3.DatabaseError: it is no store, or is damaged.
    """
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        # Takes the lock now, rather than at the first note.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def is_new(connection: sqlite3.Connection) -> bool:
    """Whether nothing has been laid out in the store yet."""
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] == 0)


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables, within the transaction that is open."""
    for statement in TABLES.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def erase(path: Path) -> None:
    """Delete the store's files, the log before the file that it belongs to."""
    for name in (f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal", path.name):
        path.with_name(name).unlink(missing_ok=True)
