"""What finished worlds came to, a line for each on disk, so that runs can be stopped and added up.

Each line says of which code it is: only runs of the same code add up to one claim.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from tests.faults.reporting import Kill, Tally

HERE: Final = Path(__file__).parents[2]
KEPT: Final = HERE / "var" / "faults"
SIMULATED: Final = ("api", "config", "migrations", "nyefamilier", "requirements", "tests/faults")
"""The parts of the repository that a world's history depends on."""
UNCOMMITTED: Final = "uncommitted"


class Entry(msgspec.Struct, frozen=True):
    """One world that came to its end."""

    code: str
    commit: str
    seed: int
    length: int
    tally: Tally
    mutant: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """What is simulated: the commit, and a name for the parts that matter."""

    commit: str
    name: str


@cache
def present_code() -> Code:
    """The code as it is checked out; named `UNCOMMITTED` where it was changed since."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    if _git("status", "--porcelain", "--untracked-files=all", "--", *SIMULATED):
        return Code(commit, UNCOMMITTED)
    trees = _git("rev-parse", *(f"HEAD:{part}" for part in SIMULATED))
    return Code(commit, sha256(trees.encode()).hexdigest()[:12])


def _git(*words: str) -> str:
    asked = ["git", "-C", str(HERE), *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Ledger:
    """The file. Several processes may write to it, each a whole line at a time."""

    def __init__(self, folder: Path = KEPT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "ledger.jsonl"

    def add(self, entry: Entry) -> None:
        """Write a world down; it is on the disk when this returns."""
        line = msgspec.json.encode(entry) + b"\n"
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(opened, line)
            os.fsync(opened)
        finally:
            os.close(opened)

    def entries(self) -> Iterator[Entry]:
        """All worlds, in the order in which they ended; a line cut off by a crash is none."""
        if not self.path.exists():
            return
        for line in self.path.read_bytes().splitlines():
            try:
                yield msgspec.json.decode(line, type=Entry)
            except msgspec.DecodeError:
                continue

    def seeds(self, code: Code, length: int, mutant: str = "") -> set[int]:
        """The seeds of which the world has been seen already."""
        wanted = (code.name, length, mutant)
        return {one.seed for one in self.entries() if (one.code, one.length, one.mutant) == wanted}


def added_up(entries: Iterable[Entry]) -> dict[str, tuple[str, Tally]]:
    """The unmutated worlds by their code's name, each with its last commit; the newest last."""
    found: dict[str, tuple[str, Tally]] = {}
    for one in entries:
        if not one.mutant and one.code != UNCOMMITTED:
            total = found.pop(one.code, ("", Tally()))[1]
            total.add(one.tally)
            found[one.code] = one.commit, total
    return found


def kills(entries: Iterable[Entry], told_of: dict[str, str]) -> list[Kill]:
    """What became of each mutant, by its worlds of the newest code that it was tried in."""
    newest: dict[str, list[Entry]] = {}
    for one in entries:
        if one.mutant not in told_of or one.code == UNCOMMITTED:
            continue
        worlds = newest.setdefault(one.mutant, [])
        if worlds and worlds[0].code != one.code:
            worlds.clear()
        worlds.append(one)
    return [_kill(name, told_of[name], newest[name]) for name in sorted(newest)]


def _kill(name: str, what: str, worlds: list[Entry]) -> Kill:
    by: dict[str, int] = {}
    found = sorted(one.seed for one in worlds if one.tally.failing)
    for one in worlds:
        for property_ in {name for names in one.tally.failing.values() for name in names}:
            by[property_] = by.get(property_, 0) + 1
    first = found[0] if found else None
    return Kill(name, what, len(worlds), len(found), by, first, worlds[0].commit)
