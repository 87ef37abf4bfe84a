"""A phone's store: one file, one writer, and every durable step through one hook."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import UUID

import msgspec

from nyefamilier.client import schema
from nyefamilier.client.standing import Standing
from nyefamilier.client.steps import ERASED, Hook, Moment, Step, unhooked
from nyefamilier.vault.phone import StoreCipher


class StoreInUse(Exception):  # noqa: N818 - an answer, not a defect
    """Another process has the store open: a store has one writer."""


class StoreClosed(Exception):  # noqa: N818 - the same
    """The lease has run out or the phone is locked: what lies sealed cannot be read just now."""


class Store:
    """The file, and the cipher of what lies in it while the lease lasts."""

    def __init__(self, path: Path, secret: bytes, *, hook: Hook = unhooked) -> None:
        """Open the store at *path*, or make it.

        Args:
            path: The file. Beside it lies its log.
            secret: The phone's own half of the key: 32 bytes that never leave it, kept by its
                hardware where there is such hardware.
            hook: Told of each durable step.

        Raises:
            StoreInUse: another process has it open.
        """
        self.path = path
        self.secret = secret
        self.hook = hook
        self.cipher: StoreCipher | None = None
        self.is_erased = False
        self._lock = RLock()
        try:
            self._connection = schema.connect(path)
        except sqlite3.OperationalError as error:
            raise StoreInUse(f"The store {path} cannot be opened: {error}.") from error
        if schema.is_new(self._connection):
            with self.durable(Step.OPEN) as cx:
                schema.lay_out(cx)

    def __repr__(self) -> str:
        return f"<Store {self.path}>"

    def step(self, name: str) -> None:
        """Tell the hook where we are; what it raises stops us here."""
        self.hook(name)

    @contextmanager
    def durable(self, step: Step) -> Generator[sqlite3.Connection, None, None]:
        """One transaction: on the disk when this is left, or not there at all."""
        with self._lock:
            self.step(f"{step}.{Moment.BEFORE}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self.step(f"{step}.{Moment.WRITTEN}")
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self.step(f"{step}.{Moment.DONE}")

    def read(self, query: str, *values: object) -> list[Any]:
        """The rows that *query* finds."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    @property
    def opened(self) -> StoreCipher:
        """The cipher of what lies sealed here.

        Raises:
            StoreClosed: there is none just now.
        """
        if self.cipher is None:
            raise StoreClosed("The lease has run out: connect, and the caseload opens again.")
        return self.cipher

    @property
    def standing(self) -> Standing | None:
        """Where the phone stands; none before it is enrolled, and none after a wipe."""
        with self._lock:
            return None if self.is_erased else standing_in(self._connection)

    def told(self, name: str) -> bytes | None:
        """What was last written under *name*."""
        with self._lock:
            return told_in(self._connection, name)

    def tidy_up(self) -> None:
        """Let the log be emptied too: deleted rows would stay in it until it is written over."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Give the file back, and forget its key."""
        with self._lock:
            self.cipher = None
            self._connection.close()

    def erase(self) -> None:
        """Delete the store."""
        self.close()
        self.is_erased = True
        schema.erase(self.path)
        self.step(ERASED)


def tell(cx: sqlite3.Connection, name: str, value: bytes) -> None:
    """Write *value* under *name*, in place of what was there."""
    cx.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def told_in(cx: sqlite3.Connection, name: str) -> bytes | None:
    """What was last written under *name*."""
    found = cx.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if found is None else bytes(found[0])


def standing_in(cx: sqlite3.Connection) -> Standing | None:
    """Where the phone stands; None before it is enrolled."""
    told = told_in(cx, "standing")
    return None if told is None else msgspec.json.decode(told, type=Standing)


def stand(cx: sqlite3.Connection, standing: Standing) -> None:
    """Write where the phone stands now."""
    tell(cx, "standing", msgspec.json.encode(standing))


def ids(rows: Iterable[tuple[bytes]]) -> list[UUID]:
    """The ids in the only column of *rows*."""
    return [UUID(bytes=found) for (found,) in rows]
