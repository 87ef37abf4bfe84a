"""Fetch the vendored files anew: `python -m api.vendoring`. Needs npm and the network."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"


class WrongIntegrity(Exception):  # noqa: N818 - named after what it found
    """A package is not the one that packages.toml names."""


def main() -> None:
    """Fetch every package, build the theme, and write the lock.

    Raises:
        WrongIntegrity: a package's bytes are not those that were reviewed.
        subprocess.CalledProcessError: npm or npx failed.
    """
    wanted = tomllib.loads((HERE / "packages.toml").read_text(encoding="utf-8"))
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    entries: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in wanted["package"]:
            entries |= _take(package, Path(folder))
        entries |= _build_theme(wanted["theme"], Path(folder))
    LOCK.write_text(json.dumps(dict(sorted(entries.items())), indent=2) + "\n", encoding="utf-8")


def _take(package: dict[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Copy one package's files; answer with their lock entries."""
    tarball = _fetch(f"{package['name']}@{package['version']}", folder)
    _check(tarball, package)
    with tarfile.open(tarball) as archive:
        for inside, outside in package["files"].items():
            member = archive.extractfile(f"package/{inside}")
            if member is None:
                raise FileNotFoundError(inside)
            _write(VENDOR / outside, member.read())
    return {outside: _entry(package, outside) for outside in package["files"].values()}


def _fetch(specifier: str, folder: Path) -> Path:
    """Have npm fetch one tarball."""
    said = _run("npm", "pack", "--silent", "--json", specifier, folder=folder)
    # npm may answer with @scope/name-1.tgz for a file that it called scope-name-1.tgz.
    name = str(json.loads(said)[0]["filename"]).removeprefix("@").replace("/", "-")
    return folder / name


def _check(tarball: Path, package: dict[str, Any]) -> None:
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package["integrity"]:
        raise WrongIntegrity(f"{package['name']}@{package['version']} is sha512-{digest}")


def _build_theme(theme: dict[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Build the theme with Designsystemet's tool; answer with its lock entry."""
    tool = ("npx", "--yes", f"{theme['tool']}@{theme['version']}", "tokens")
    shutil.copy(HERE / "theme.json", folder / "designsystemet.config.json")
    _run(*tool, "create", folder=folder)
    _run(*tool, "build", "--tokens", "tokens", "--out-dir", "out", folder=folder)
    _write(VENDOR / theme["output"], (folder / "out" / "nyefamilier.css").read_bytes())
    return {theme["output"]: _entry({**theme, "name": theme["tool"]}, theme["output"])}


def _run(program: str, *words: str, folder: Path) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(f"{program} is not installed")
    done = subprocess.run(  # noqa: S603 - the words are ours, from packages.toml
        [path, *words], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _entry(package: dict[str, Any], path: str) -> dict[str, str]:
    return {
        "package": f"{package['name']}@{package['version']}",
        "licence": package["licence"],
        "sha256": hashlib.sha256((VENDOR / path).read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    main()
