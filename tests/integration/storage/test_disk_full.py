"""A full disk stops writing and loses nothing; with room again, work goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage import cluster
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import make_engine, unavailable_from

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can mount a small disk (test_embedded has the message)"
)
SMALL = "160m"


@pytest.fixture
def small_disk(var: Path) -> Generator[Path, None, None]:
    """A disk of its own, big enough for a new cluster and not for much more."""
    disk = var / "disk"
    disk.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=711", "none", disk], check=True
    )
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Fill *disk* until *leave* bytes are free."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - leave)
    return ballast


def write_until_full(connection: Connection) -> tuple[int, DBAPIError]:
    """Commit rows of 100 kB until it fails; how many were acknowledged, and the failure."""
    for number in range(10_000):
        try:
            connection.execute(
                text(
                    "INSERT INTO kept SELECT :number, string_agg(md5(n::text || :number), '') "
                    "FROM generate_series(1, 3000) AS n"
                ),
                {"number": number},
            )
            connection.commit()
        except DBAPIError as failure:
            return number, failure
    raise AssertionError("the disk never filled")


def test_a_disk_that_fills_up_keeps_all_that_was_saved(small_disk: Path):
    with open_embedded(small_disk) as server:
        engine = make_engine(server.url, Settings())
        ballast = fill(small_disk, leave=12 << 20)
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE kept (number int PRIMARY KEY, body text)"))
            connection.commit()
            saved, failure = write_until_full(connection)
        refused = unavailable_from(failure)
        assert refused
        assert refused.code in {"database-disk-full", "database-away"}
        ballast.unlink()
        with open_embedded(small_disk), engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM kept")) >= saved > 0
        engine.dispose()


@pytest.mark.parametrize("room", [1 << 20, 60 << 20])
def test_a_first_start_on_a_full_disk_says_so_and_leaves_nothing_half_made(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, room: int
):
    monkeypatch.setattr(cluster, "ROOM_TO_START", min(room, 30 << 20))
    ballast = fill(small_disk, leave=min(room, 31 << 20))
    with pytest.raises(Unavailable) as refused:
        open_embedded(small_disk)
    assert refused.value.code == "database-disk-full"
    assert f"({small_disk}/pg) is full" in refused.value.detail
    ballast.unlink()
    open_embedded(small_disk).close()
