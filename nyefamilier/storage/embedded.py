"""The embedded PostgreSQL: started by whoever needs it first, stopped by whoever leaves last.

Two locks in its folder say all there is to say, and the kernel drops them when a process dies,
however it dies: ``lock`` is held while somebody starts or stops the server, ``users`` is shared by
everybody who uses it. For demonstration, development and tests; never for production.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.cluster import Cluster, disk_full
from nyefamilier.storage.lodging import find_lodging
from nyefamilier.storage.programs import NO_SPACE


class Embedded:
    """One user's hold on the embedded server. Closing the last hold stops the server."""

    def __init__(self, cluster: Cluster, home: Path, users: int) -> None:
        self._cluster = cluster
        self._home = home
        self._users: int | None = users
        self._holder = os.getpid()
        self.url = cluster.url()
        atexit.register(self.close)  # whoever forgets to leave leaves at the end

    def url_of(self, database: str) -> str:
        """The URL of another database on the same server."""
        return self._cluster.url(database)

    def close(self) -> None:
        """Leave; stop the server when nobody else uses it. Closing twice is harmless.

        In a forked child only the child's copy goes: the hold is still its parent's. Where the
        folder has been removed meanwhile, or made anew by others, there is nothing to stop.
        """
        users, self._users = self._users, None
        if users is None:
            return
        atexit.unregister(self.close)
        try:
            if os.getpid() == self._holder and _is_still(users, self._home / "users"):
                self._stop_if_last(users)
        finally:
            os.close(users)

    def _stop_if_last(self, users: int) -> None:
        with _alone(self._home):
            if _nobody_else(users):
                self._cluster.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def open_embedded(
    var: Path, *, binaries: Path | None = None, options: Mapping[str, str] | None = None
) -> Embedded:
    """Start or join the server under ``var/pg`` and hold it until closed.

    Args:
        var: The deployment's own folder.
        binaries: The ``bin`` of another PostgreSQL than the packaged one.
        options: Server settings for a first start, beside the house's own.

    Raises:
        Unavailable: it cannot be started (``database-cannot-start``, ``database-disk-full``).
    """
    home = var.absolute() / "pg"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(home):
            users = _lock(home / "users", fcntl.LOCK_SH)
            try:
                cluster = Cluster(find_lodging(home, binaries), options or {})
                cluster.ensure_running()
            except BaseException:
                os.close(users)
                raise
            return Embedded(cluster, home, users)
    except OSError as error:
        raise _cannot_write(home, error) from error


@contextmanager
def _alone(home: Path) -> Generator[None, None, None]:
    """Hold the lock of starters and stoppers."""
    held = _lock(home / "lock", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(held)


def _lock(path: Path, kind: int) -> int:
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(opened, kind)
    return opened


def _is_still(opened: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except FileNotFoundError:
        return False


def _nobody_else(users: int) -> bool:
    """Whether ours is the only hold. The caller is alone, so nobody can come in between."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _cannot_write(home: Path, error: OSError) -> Unavailable:
    if NO_SPACE in str(error):
        return disk_full(home)
    return Unavailable(
        "database-cannot-start",
        f"The folder of the embedded database, {home}, cannot be used: {error.strerror or error}. "
        "Run as its owner, free space on its disk, or set NYEFAMILIER_VAR to another folder.",
    )
