"""What the field app consists of: every file, its address and its digest.

A file that is not in the edition is not served, whatever the address says. When a file changes,
the next request sees another edition: a developer needs no restart, and a phone takes an edition
only if each byte is what the list of that edition says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import json

from api.felt.words import CATALOGUE, LANGUAGES, catalogue

ROOT: Final = Path(__file__).parents[2]
APP: Final = ROOT / "fieldapp"
STATIC: Final = ROOT / "api" / "static"
START: Final = "/felt/"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""What may be served out of `fieldapp`, by how its name ends."""

VENDORED: Final = (
    "vendor/lit-html/lit-html.js",
    "vendor/idb/idb.js",
    "vendor/designsystemet/designsystemet.css",
    "vendor/designsystemet/theme.css",
    "vendor/inter/inter-latin.woff2",
)
"""What the app needs of the files that the pages have too; served as these, at ``/static/``."""

_FOLDERS = ("src", "styles", "icons")
_WORKER = "worker.js"
# The phone's own system fetches these when the app is installed; no screen shows them.
_FOR_INSTALLING = (".png", "maskable.svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    content: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The files that belong together."""

    assets: Mapping[str, Asset]
    """By address, the worker left out."""
    digests: Mapping[str, str]
    """What a phone keeps: address, and the SHA-256 of its bytes in hex."""
    worker: Asset

    @property
    def rev(self) -> str:
        """The edition's name: another one as soon as one byte of it is another."""
        return _rev(self.digests)


def edition_of(app: Path = APP, *, synthetic: bool = False) -> Edition:
    """The edition that lies in *app* now; in a *synthetic* one every screen says so."""
    return _read(app, synthetic, tuple(_signatures(app)))


def _signatures(app: Path) -> Iterator[tuple[Path, int, int]]:
    """Every file, and whether it is still the one that was read."""
    others = (app / _WORKER, CATALOGUE, *(STATIC / name for name in VENDORED))
    for path in (*_files(app), *others):
        told = path.stat()
        yield path, told.st_mtime_ns, told.st_size


def _files(app: Path) -> Iterator[Path]:
    yield app / "index.html"
    yield app / "manifest.webmanifest"
    for folder in _FOLDERS:
        for path in sorted((app / folder).rglob("*")):
            if path.suffix in TYPES and path.is_file() and not path.is_symlink():
                yield path


@lru_cache(maxsize=4)
def _read(app: Path, synthetic: bool, _: tuple[tuple[Path, int, int], ...]) -> Edition:  # noqa: FBT001
    assets = {_address(app, path): _asset(path) for path in _files(app)}
    if synthetic:
        page = assets[START].content.replace(b"<html ", b"<html data-synthetic ", 1)
        assets[START] = Asset(page, TYPES[".html"])
    modules = [path.read_text(encoding="utf-8") for path in _files(app) if path.suffix == ".js"]
    for language in LANGUAGES:
        texts = json.dumps(catalogue(modules, language)).encode()
        assets[f"{START}words/{language}.json"] = Asset(texts, TYPES[".json"])
    kept = {at: one.content for at, one in assets.items() if not at.endswith(_FOR_INSTALLING)}
    kept |= {f"/static/{name}": (STATIC / name).read_bytes() for name in VENDORED}
    digests = {at: hashlib.sha256(kept[at]).hexdigest() for at in sorted(kept)}
    head = f"const REV = {json.dumps(_rev(digests))};\nconst FILES = {json.dumps(digests)};\n"
    worker = Asset(head.encode() + (app / _WORKER).read_bytes(), TYPES[".js"])
    return Edition(assets, digests, worker)


def _address(app: Path, path: Path) -> str:
    name = path.relative_to(app).as_posix()
    return START if name == "index.html" else START + name


def _asset(path: Path) -> Asset:
    return Asset(path.read_bytes(), TYPES[path.suffix])


def _rev(digests: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:16]
