"""The server runs as an account that may, in a folder that it can reach, and changes no other."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage import lodging
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.programs import Account, packaged_programs
from tests.integration.storage.servers import ask, data_of, postmaster_of

# Whoever runs the tests, both ways are tested: root becomes nobody by itself in a child process;
# without root, what only root can do is not there to be tested.
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start it as another account")


def modes_above(folder: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in folder.parents}


def copy_of_the_programs(to: Path) -> Path:
    package = packaged_programs().parent.parent
    shutil.copytree(package.with_name(f"{package.name}.libs"), to / f"{package.name}.libs")
    shutil.copytree(package / lodging.SERVER, to / package.name / lodging.SERVER)
    return to / package.name / lodging.SERVER / "bin"


def in_an_ordinary_account(work: Callable[[Path, Path], None], folder: Path) -> None:
    """Run *work* in a child process that is not root; it fails here if it fails there.

    It is handed programs that such an account can walk to; ours may lie in a closed folder.
    """
    binaries = copy_of_the_programs(folder / "site-packages")
    child = multiprocessing.get_context("fork").Process(
        target=_become_ordinary, args=(work, folder, binaries)
    )
    child.start()
    child.join()
    assert child.exitcode == 0


def _become_ordinary(work: Callable[[Path, Path], None], folder: Path, binaries: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    work(folder, binaries)


def start_write_and_look(var: Path, binaries: Path) -> None:
    with open_embedded(var / "var", binaries=binaries) as server:
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        assert Path(f"/proc/{postmaster_of(server)}").stat().st_uid == os.geteuid()
    assert stat.S_IMODE((var / "var" / "pg").stat().st_mode) == 0o700


def test_an_ordinary_account_runs_it_as_itself(var: Path):
    in_an_ordinary_account(start_write_and_look, var)


@as_root
def test_root_runs_it_as_nobody_and_is_let_in(var: Path):
    with open_embedded(var) as server:
        owner = Path(f"/proc/{postmaster_of(server)}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name == "nobody"
        assert data_of(server).is_relative_to(var)
        assert ask(server, "SELECT current_user") == [("nyefamilier",)]


@as_root
def test_root_changes_no_mode_outside_its_own_folder(var: Path):
    before = modes_above(var / "x")
    open_embedded(var / "one" / "var").close()
    assert modes_above(var / "x") == before


@as_root
def test_the_servers_account_may_not_change_the_programs_or_the_locks(var: Path):
    open_embedded(var).close()
    for name in ("", "lock", "users"):
        assert (var / "pg" / name).stat().st_uid == 0, name


@as_root
def test_a_folder_that_nobody_can_walk_to_gets_its_cluster_elsewhere(closed_var: Path):
    before = modes_above(closed_var)
    with open_embedded(closed_var) as server:
        place = data_of(server).parent
        assert (closed_var / "pg" / "elsewhere").read_text().splitlines()[0] == str(place)
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
    with open_embedded(closed_var) as server:
        assert data_of(server).parent == place
        assert ask(server, "SELECT one FROM kept") == [(1,)]
    assert modes_above(closed_var) == before


@as_root
def test_a_cluster_elsewhere_that_is_gone_is_told_and_not_replaced(closed_var: Path):
    with open_embedded(closed_var) as server:
        place = data_of(server).parent
    moved = place.rename(place.with_name(f"{place.name}-moved"))
    with pytest.raises(Unavailable, match="and it is not there"):
        open_embedded(closed_var)
    moved.rename(place)


@as_root
def test_programs_that_nobody_can_walk_to_are_copied(closed_var: Path, var: Path):
    binaries = copy_of_the_programs(closed_var.parent / "site-packages")
    with open_embedded(var, binaries=binaries) as server:
        program = Path(f"/proc/{postmaster_of(server)}/exe").readlink()
        assert program.is_relative_to(var / "pg" / "programs")
        assert program.stat().st_uid == 0


@as_root
def test_root_runs_a_cluster_of_an_ordinary_account_as_that_account(var: Path):
    in_an_ordinary_account(start_write_and_look, var)
    owner = (var / "var" / "pg" / "data").stat().st_uid
    with open_embedded(var / "var") as server:
        assert Path(f"/proc/{postmaster_of(server)}").stat().st_uid == owner
        assert ask(server, "SELECT one FROM kept") == [(1,)]


def test_a_folder_that_somebody_else_made_is_not_used(var: Path):
    made = lodging.make_private(var / "mine", None)
    with pytest.raises(Unavailable, match="belongs to account"):
        lodging.make_private(made, Account(12_345, 12_345, "another"))
    (var / "link").symlink_to(made)
    with pytest.raises(Unavailable):
        lodging.make_private(var / "link", None)
