"""The embedded server is there whatever happened before, and nobody loses what was committed."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage import cluster, lodging
from nyefamilier.storage.embedded import Embedded, open_embedded
from tests.integration.storage.servers import (
    alive,
    ask,
    connect,
    data_of,
    family_of,
    holder,
    kill,
    let_go,
    postmaster_of,
    sockets_of,
    wait_until,
)

STARTS_AT_ONCE = 6


def test_a_first_start_makes_a_database_that_sorts_the_same_on_every_machine(var: Path):
    with open_embedded(var) as server:
        ours = "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding) "
        found = ask(server, ours + "FROM pg_database WHERE datname = current_database()")
        assert found == [("b", "C.UTF-8", "UTF8")]


def test_a_commit_is_on_the_disk_and_the_server_listens_on_a_unix_socket_only(var: Path):
    with open_embedded(var) as server:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "listen_addresses": "",
        }.items():
            assert ask(server, f"SHOW {name}") == [(value,)], name


def test_the_socket_lets_in_its_owner_only(var: Path):
    with open_embedded(var) as server:
        sockets = sockets_of(server)
        assert sockets.stat().st_mode & 0o077 == 0
        words = "SELECT type, database, auth_method FROM pg_hba_file_rules"
        assert ask(server, words) == [("local", ["all"], "peer")]


def test_the_log_holds_no_words_of_a_statement_that_failed(var: Path):
    with open_embedded(var) as server:
        ask(server, "CREATE TABLE word (word text PRIMARY KEY)")
        ask(server, "INSERT INTO word VALUES ('hemmelig')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(server, "INSERT INTO word VALUES ('hemmelig')")
        log = data_of(server).parent / "run" / "server.log"
        assert "duplicate key" in log.read_text()
        assert "hemmelig" not in log.read_text()


def test_what_was_written_is_there_after_a_stop_and_a_start(var: Path):
    with open_embedded(var) as server:
        first = postmaster_of(server)
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
    assert not alive(first)
    with open_embedded(var) as server:
        assert ask(server, "SELECT one FROM kept") == [(1,)]


def test_the_last_to_leave_stops_the_server_and_nobody_before(var: Path):
    first, second = open_embedded(var), open_embedded(var)
    process = postmaster_of(first)
    assert postmaster_of(second) == process
    first.close()
    first.close()
    assert alive(process)
    second.close()
    assert not alive(process)


def test_starts_at_once_share_one_server_that_ends_with_the_last(var: Path):
    holders = [holder(var) for _ in range(STARTS_AT_ONCE)]
    addresses = {each.stdout.readline() for each in holders}
    assert len(addresses) == 1
    with open_embedded(var) as server:
        process = postmaster_of(server)
    assert alive(process)
    let_go(*holders)
    assert [each.returncode for each in holders] == [0] * STARTS_AT_ONCE
    assert not alive(process)


def test_an_owner_killed_outright_leaves_a_server_that_the_next_one_takes_over(var: Path):
    owner = holder(var)
    owner.stdout.readline()
    kill(owner.pid)
    let_go(owner)
    with open_embedded(var) as server:
        process = postmaster_of(server)
    assert not alive(process), "the dead owner's hold must not keep it running"


def write_numbers(server: Embedded, acknowledged: list[int]) -> None:
    """Commit one number after another until the server is gone."""
    try:
        with connect(server) as connection:
            for number in range(100_000):
                connection.execute("INSERT INTO number VALUES (%s)", (number,))
                connection.commit()
                acknowledged.append(number)
    except psycopg.OperationalError:
        return


@pytest.mark.parametrize("whom", ["the whole server", "the postmaster only"])
def test_a_killed_server_loses_no_commit_that_it_acknowledged(var: Path, whom: str):
    with open_embedded(var) as server:
        ask(server, "CREATE TABLE number (number int PRIMARY KEY)")
        acknowledged: list[int] = []
        writer = threading.Thread(target=write_numbers, args=(server, acknowledged))
        writer.start()
        assert wait_until(lambda: len(acknowledged) > 200)
        victims = family_of(postmaster_of(server))
        kill(*(victims if whom == "the whole server" else victims[:1]))
        with open_embedded(var) as again:
            writer.join()
            kept = {number for (number,) in ask(again, "SELECT number FROM number")}
            assert set(acknowledged) <= kept
            assert len(kept) <= len(acknowledged) + 1


def test_a_server_killed_again_and_again_starts_every_time(var: Path):
    for _ in range(4):
        with open_embedded(var) as server:
            kill(postmaster_of(server))
    open_embedded(var).close()


def leave_stale(var: Path, process: int) -> None:
    """Leave the folder as after a crash, with the lock file naming *process*."""
    with open_embedded(var) as server:
        data = data_of(server)
        lock = (data / "postmaster.pid").read_text()
        kill(*family_of(postmaster_of(server)))
        (data / "postmaster.pid").write_text(lock.replace(lock.split()[0], str(process), 1))


def test_a_zombie_with_the_number_of_the_server_does_not_stop_a_start(var: Path):
    zombie = subprocess.Popen(["true"])
    assert wait_until(lambda: not alive(zombie.pid))
    leave_stale(var, zombie.pid)
    with open_embedded(var) as server:
        assert ask(server, "SELECT 1") == [(1,)]
    zombie.wait()


def test_a_stranger_with_the_number_of_the_server_does_not_stop_a_start(var: Path):
    with open_embedded(var) as server:
        owner = data_of(server).stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid)
    leave_stale(var, stranger.pid)
    with open_embedded(var) as server:
        assert ask(server, "SELECT 1") == [(1,)]
    assert stranger.poll() is None, "and the stranger must live"
    stranger.kill()
    stranger.wait()


def test_a_cluster_that_was_half_made_is_made_anew(var: Path):
    half = var / "pg" / "data.new" / "base"
    half.mkdir(parents=True)
    (half.parent / "PG_VERSION").write_text("18\n")
    with open_embedded(var) as server:
        assert ask(server, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_a_full_disk_is_told_before_anything_is_made(var: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "ROOM_TO_START", 1 << 60)
    with pytest.raises(Unavailable) as refused:
        open_embedded(var)
    assert refused.value.code == "database-disk-full"
    assert str(var) in refused.value.detail
    assert "Free some space there, or set NYEFAMILIER_VAR" in refused.value.detail
    assert not (var / "pg" / "data").exists()


def test_a_database_of_another_version_is_left_alone_and_named(var: Path):
    with open_embedded(var) as server:
        version = data_of(server) / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(Unavailable, match="was made by PostgreSQL 14"):
        open_embedded(var)


def test_a_server_that_will_not_start_is_told_in_its_own_words(var: Path):
    with pytest.raises(Unavailable) as refused:
        open_embedded(var, options={"shared_buffers": "nonsense"})
    assert refused.value.code == "database-cannot-start"
    assert 'invalid value for parameter "shared_buffers"' in refused.value.detail
    open_embedded(var).close()


def test_a_deep_folder_gets_a_short_socket(var: Path):
    deep = var / ("d" * 60) / ("e" * 60)
    with open_embedded(deep) as server:
        sockets = sockets_of(server)
        assert len(str(sockets / lodging.SOCKET_NAME)) <= lodging.LONGEST_SOCKET
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


def test_a_folder_may_have_spaces_and_quotes_in_its_name(var: Path):
    odd = var / "mitt område, 100 % & 'greit'"
    for _ in range(2):
        with open_embedded(odd) as server:
            assert ask(server, "SELECT 1") == [(1,)]


FORGETFUL = """
import sys
from pathlib import Path
from nyefamilier.storage.embedded import open_embedded
print(open_embedded(Path(sys.argv[1])).url)
"""


def test_a_process_that_forgets_to_leave_leaves_when_it_ends(var: Path):
    with open_embedded(var) as server:
        process = postmaster_of(server)
        subprocess.run([sys.executable, "-c", FORGETFUL, var], check=True, capture_output=True)
        assert alive(process), "another still uses it"
    assert not alive(process)
    subprocess.run([sys.executable, "-c", FORGETFUL, var], check=True, capture_output=True)
    assert not (var / "pg" / "data" / "postmaster.pid").exists()


def test_leaving_a_folder_that_was_removed_stops_nobody_elses_server(var: Path):
    with open_embedded(var) as old:
        kill(*family_of(postmaster_of(old)))
        shutil.rmtree(var / "pg")
        with open_embedded(var) as new:
            old.close()
            assert ask(new, "SELECT 1") == [(1,)]
    with open_embedded(var) as gone:
        kill(*family_of(postmaster_of(gone)))
        shutil.rmtree(var / "pg")


def test_a_child_that_leaves_does_not_stop_its_parents_server(var: Path):
    with open_embedded(var) as server:
        child = multiprocessing.get_context("fork").Process(target=server.close)
        child.start()
        child.join()
        assert child.exitcode == 0
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_start_that_was_cut_off_before_the_database_was_made_is_completed(var: Path):
    with open_embedded(var) as server:
        plain = server.url_of("postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("DROP DATABASE nyefamilier")
        with open_embedded(var) as again:
            assert ask(again, "SELECT current_database()") == [("nyefamilier",)]


def test_a_file_where_the_folder_should_be_is_told(var: Path):
    (var / "pg").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be used: File exists"):
        open_embedded(var)
