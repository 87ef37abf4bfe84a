"""The peers, each in an environment of its own below ``var/bench``, by hash from a lock."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).parent / "peers"


class Missing(Exception):  # noqa: N818 - what is so
    """A peer cannot be had on this machine; the text says why."""


def kinto(var: Path) -> Path:
    """The Python that has Kinto.

    Raises:
        Missing: it cannot be installed.
    """
    home, lock = var / "kinto", PEERS / "kinto.txt"
    python = home / "bin" / "python"
    if not _is_installed(home, lock):
        _fresh(home)
        _run(sys.executable, "-m", "venv", home)
        quietly = ("-q", "--disable-pip-version-check", "--only-binary", ":all:")
        _run(python, "-m", "pip", "install", *quietly, "--require-hashes", "-r", lock)
        _stamp(home, lock).touch()
    return python


def couchdb(var: Path) -> Path:
    """The folder that has the server of the CouchDB protocol.

    Raises:
        Missing: there is no Node.js with npm, or it cannot be installed.
    """
    home, lock = var / "couchdb", PEERS / "package-lock.json"
    node()
    if shutil.which("npm") is None:
        raise Missing("npm is not on this machine (Debian: apt-get install npm)")
    if not _is_installed(home, lock):
        _fresh(home)
        home.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PEERS / name, home)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=home)
        _stamp(home, lock).touch()
    shutil.copy(PEERS / "couchdb.js", home)
    return home


def node() -> str:
    """Node.js.

    Raises:
        Missing: it is not on this machine.
    """
    found = shutil.which("node")
    if found is None:
        raise Missing("Node.js is not on this machine (Debian: apt-get install nodejs npm)")
    return found


def _is_installed(home: Path, lock: Path) -> bool:
    return _stamp(home, lock).exists()


def _stamp(home: Path, lock: Path) -> Path:
    digest = hashlib.sha256(lock.read_bytes() + os.fsencode(home)).hexdigest()
    return home / f".{digest[:16]}"


def _fresh(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)


def _run(*words: str | Path, cwd: Path | None = None) -> None:
    said = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603
    if said.returncode != 0:
        last = (said.stderr.strip() or said.stdout.strip()).splitlines()[-1:]
        raise Missing(f"`{Path(words[0]).name}` could not install it: {' '.join(last)}")
