"""The keyring's file: read only when it is private, replaced whole or not at all.

A writer holds the lock file; a reader needs no lock, because a file is replaced by a rename.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from nyefamilier.vault import ring
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.vault.ring import Ring


class KeyringRefused(ProviderAway):
    """The keyring file cannot be used as it is; the message says how to mend it."""


class Stamp(NamedTuple):
    """What changes when the file is replaced."""

    inode: int
    modified_ns: int
    size: int
    mode: int
    owner: int


def stamp(path: Path) -> Stamp:
    """The file's stamp just now.

    Raises:
        KeyringRefused: there is no such file, or it cannot be reached.
    """
    try:
        return _stamp(path.stat())
    except OSError as error:
        raise _unreadable(path, error) from None


def is_missing(path: Path) -> bool:
    """Whether nothing at all lies at *path*; a link that leads nowhere is something."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def make_directory(path: Path) -> None:
    """Make the directory that *path* lies in, when it is not there.

    Raises:
        KeyringRefused: it cannot be made.
    """
    try:
        # Others may pass through but not look: an embedded database of another user may lie here.
        path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        message = f"The directory {path.parent} cannot be made ({error.strerror})."
        raise KeyringRefused(message) from None


def read(path: Path) -> tuple[Stamp, Ring]:
    """The ring in *path*, and the stamp of the very file that was read.

    Raises:
        KeyringRefused: missing, not a plain file of ours, open to others, or damaged.
    """
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            _demand_private(path, found)
            return _stamp(found), ring.parse(file.read())
    except OSError as error:
        raise _unreadable(path, error) from None
    except ring.NotAKeyring as error:
        message = f"The keyring {path} cannot be trusted: {error}. Restore it from its backup."
        raise KeyringRefused(message) from None


def replace(path: Path, new: Ring) -> None:
    """Put *new* in the place of what *path* holds; on the disk before this returns.

    Call it within ``locked(path)``.

    Raises:
        KeyringRefused: it cannot be written; what the file holds is whole, the old or the new.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        _write_private(fresh, ring.dump(new))
        _make_newer(fresh, path)
        fresh.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        message = f"The keyring {path} cannot be written ({error.strerror})."
        raise KeyringRefused(message) from None


@contextmanager
def locked(path: Path) -> Generator[None, None, None]:
    """Hold the right to replace *path* against other threads and processes.

    Raises:
        KeyringRefused: the lock file cannot be made or opened.
    """
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        lock = os.open(path.with_name(path.name + ".lock"), flags, 0o600)
    except OSError as error:
        message = f"The keyring {path} cannot be locked for writing ({error.strerror})."
        raise KeyringRefused(message) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode, found.st_uid)


def _demand_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeyringRefused(f"The keyring {path} is not a plain file.")
    if found.st_uid != os.geteuid():
        message = (
            f"The keyring {path} belongs to user {found.st_uid}, and this process is user "
            f"{os.geteuid()}. Run as its owner, or: chown {os.geteuid()} {path}"
        )
        raise KeyringRefused(message)
    if found.st_mode & 0o077:
        message = f"The keyring {path} is open to other users. Close it: chmod 600 {path}"
        raise KeyringRefused(message)


def _write_private(path: Path, text: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _make_newer(fresh: Path, old: Path) -> None:
    # A file system may give two replacements in one tick the same time, size and inode number;
    # a process that then sees no change would go on using a key that was disabled.
    if is_missing(old):
        return
    when = max(fresh.stat().st_mtime_ns, old.stat().st_mtime_ns + 1)
    os.utime(fresh, ns=(when, when))


def _sync_directory(path: Path) -> None:
    # The rename itself must survive a power cut, or the new key is lost and its wrapped keys stay.
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreadable(path: Path, error: OSError) -> KeyringRefused:
    return KeyringRefused(f"The keyring {path} cannot be read ({error.strerror}).")
