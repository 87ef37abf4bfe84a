"""Break the project on purpose, in a copy of it, and see whether anybody notices."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("api", "config", "docs", "migrations", "nyefamilier", "scheduler", "tests")


@dataclass(frozen=True)
class Break:
    """One thing done wrong: in *file*, *old* becomes *new*; without *old*, *new* is appended."""

    file: str
    new: str
    old: str | None = None

    def do(self, tree: Path) -> None:
        path = tree / self.file
        before = path.read_text("utf-8") if path.exists() else ""
        if self.old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{before}\n{self.new}\n", "utf-8")
            return
        assert before.count(self.old) == 1, f"{self.old!r} is {before.count(self.old)} times there"
        path.write_text(before.replace(self.old, self.new), "utf-8")


def copy_of_the_project(folder: Path) -> Path:
    """Everything that the tools look at, without what they remember."""
    tree = folder / "tree"
    tree.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "wsgi.py"):
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, tree / file)
    return tree


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A tool of ours, run in the copy."""
    script = Path(sys.executable).parent / command[0]
    return subprocess.run(
        [script, *command[1:]], cwd=tree, capture_output=True, text=True, check=False, timeout=300
    )
