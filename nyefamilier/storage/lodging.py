"""Where the embedded server lives and as whom it runs.

PostgreSQL refuses to run as root. Started by root it runs as ``nobody``, in folders of its own
below one that stays root's; when ``nobody`` may not walk to ``var`` (a root home, a folder made by
``mktemp``) these lie under ``/var/lib`` instead and ``var/pg/elsewhere`` says where. Nothing
outside ``var`` ever changes its mode.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.programs import SERVER, Account, Programs, packaged_programs

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107  # bytes, sockaddr_un.sun_path without its closing zero
STEADY_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - mkdtemp makes its own in them


@dataclass(frozen=True, slots=True)
class Lodging:
    """One cluster's folder, its programs, and the folder of its socket."""

    home: Path
    programs: Programs

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "run" / "server.log"

    def sockets(self) -> Path:
        """The folder of the socket, made if missing; only the server's account may enter.

        A deep home would make the socket's path too long for the system, and a comma would make
        it two for libpq; then it is a short folder under the temporary one, named after the home.

        Raises:
            Unavailable: somebody else already holds the short folder.
        """
        make_private(self.home / "run", self.programs.account)
        return make_private(self._socket_folder(), self.programs.account)

    def forget_sockets(self) -> None:
        """Remove the short folder under the temporary one, if there is one and it is empty."""
        folder = self._socket_folder()
        if folder.parent != self.home:
            with suppress(OSError):
                folder.rmdir()

    def _socket_folder(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET and "," not in str(near):
            return near
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"nyefamilier-{name}"


def find_lodging(home: Path, binaries: Path | None = None) -> Lodging:
    """The lodging of the cluster that belongs to *home*, made if it is not there.

    Args:
        home: Absolute folder of our own, ``var/pg``.
        binaries: Another server's ``bin``; without it the packaged one.

    Raises:
        Unavailable: no account or no folder can be found in which PostgreSQL would run.
    """
    where = binaries or packaged_programs()
    if os.geteuid() != 0:
        return Lodging(make_private(home, None), Programs(where))
    account = _server_account(home)
    place = _reachable_home(home, Programs(where, account))
    return Lodging(place, _reachable_programs(place, Programs(where, account)))


def make_private(folder: Path, account: Account | None) -> Path:
    """*folder*, made for *account* (or for ourselves) alone if it is not there.

    Raises:
        Unavailable: it exists and belongs to somebody else.
    """
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700, parents=True)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        _refuse_foreign(folder, owner)
    return folder


def _refuse_foreign(folder: Path, owner: int) -> None:
    found = folder.lstat()
    if found.st_uid != owner or not stat.S_ISDIR(found.st_mode):
        raise Unavailable(
            "database-cannot-start",
            f"{folder} belongs to account {found.st_uid} and the database would run as {owner}. "
            "Run as the owner, or remove the folder if it is not needed.",
        )


def _server_account(home: Path) -> Account:
    """Who owns the cluster already, else ``nobody``."""
    data = home / "data"
    try:
        owner = data.stat().st_uid if data.exists() else 0
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError as error:
        raise Unavailable(
            "database-cannot-start",
            "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it "
            "under. Start as an ordinary account, or name a database in NYEFAMILIER_DATABASE_URL.",
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _reachable_home(home: Path, programs: Programs) -> Path:
    """*home* when the server's account can walk to it, else a steady folder elsewhere."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    note = home / "elsewhere"
    if note.exists():
        return _said_elsewhere(note)
    for ours in (home.parent, home):
        _open_the_way(ours)
    if programs.can_enter(home):
        return home
    return _move_out(note, programs)


def _said_elsewhere(note: Path) -> Path:
    place = Path(note.read_text(encoding="utf-8").splitlines()[0])
    if not place.is_dir():
        raise Unavailable(
            "database-cannot-start",
            f"{note} says that the database lies in {place}, and it is not there. "
            f"Bring it back, or remove {note.parent} to start with an empty one.",
        )
    return place


def _open_the_way(folder: Path) -> None:
    """Let others walk through *folder*, not list it, when it is root's."""
    found = folder.stat()
    if found.st_uid == 0:
        folder.chmod(found.st_mode & 0o7777 | 0o011)


def _move_out(note: Path, programs: Programs) -> Path:
    for steady in (*STEADY_FOLDERS, Path(tempfile.gettempdir())):
        if steady.is_dir() and programs.can_enter(steady):
            place = Path(tempfile.mkdtemp(prefix="nyefamilier-", dir=steady))
            _open_the_way(place)
            note.write_text(
                f"{place}\nThe database lies there because the account that it runs under "
                "cannot walk to this folder.\n",
                encoding="utf-8",
            )
            return place
    raise Unavailable(
        "database-cannot-start",
        f"PostgreSQL does not run as root, and its account cannot reach {note.parent} nor any of "
        f"{', '.join(map(str, STEADY_FOLDERS))}. Start as an ordinary account, or set "
        "NYEFAMILIER_VAR to a folder that others may walk to.",
    )


def _reachable_programs(place: Path, programs: Programs) -> Programs:
    """*programs* where they lie, or a copy in *place* when the account cannot walk to them."""
    if programs.runnable():
        return programs
    package = programs.bin.parent.parent
    copy = place / "programs"
    copied = Programs(copy / package.name / SERVER / "bin", programs.account)
    if not copied.runnable():
        _copy_server(package, copy)
    return copied


def _copy_server(package: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    for part in ("bin", "lib/postgresql", "share"):
        shutil.copytree(package / SERVER / part, copy / package.name / SERVER / part)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, copy / libraries.name)
