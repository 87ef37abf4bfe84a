"""The field app's modules import downwards, from our own address, and stay short."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "fieldapp"
SRC = APP / "src"
LONGEST_MODULE = 400
LAYERS = ("wire", "vault", "store", "client", "shown", "screens", "main")
"""From the bottom. A module imports its own layer and those below it."""

SHARED = ("words.js", "installing.js")
"""What any layer may import, and what imports nothing of ours."""

VENDORED = {
    "/static/vendor/idb/idb.js": {"store"},
    "/static/vendor/lit-html/lit-html.js": {"screens", "main"},
}
"""Which layers may import what others wrote."""

IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'`]([^"'`]+)["'`]""")
FORBIDDEN = re.compile(
    r"\b(?:eval|Function)\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML"
    r"|\bstyle=|https?://(?!www\.w3\.org)"
)

TYPED = re.compile(r"<(?:input|textarea)\b(?![^>]*type=\"(?:radio|checkbox)\")[^>]*")


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.js"))


def layer(name: str) -> str:
    """The layer of a module, by its path under ``src``."""
    return name.partition("/")[0].removesuffix(".js")


def imports(path: Path) -> Iterator[str]:
    """What a module imports: its path under ``src``, or its address."""
    folder = path.parent.relative_to(SRC).as_posix()
    for wanted in IMPORT.findall(code(path)):
        yield wanted if wanted.startswith("/") else posixpath.normpath(f"{folder}/{wanted}")


def code(path: Path) -> str:
    """A module without its comments, which may say what they like."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


def broken(path: Path) -> list[str]:
    """The imports of a module that the layers forbid."""
    own = path.relative_to(SRC).as_posix()
    return [f"{own} -> {one}" for one in imports(path) if not _allowed(own, one)]


def _allowed(own: str, wanted: str) -> bool:
    if wanted in VENDORED:
        return layer(own) in VENDORED[wanted]
    if own in SHARED or not (SRC / wanted).is_file():
        return False
    below = LAYERS[: LAYERS.index(layer(own)) + 1]
    return wanted in SHARED or layer(wanted) in below


def test_the_modules_import_downwards_only():
    assert modules()
    assert [one for path in modules() for one in broken(path)] == []


def test_every_module_has_a_layer():
    names = {path.relative_to(SRC).as_posix() for path in modules()}
    assert {name for name in names - set(SHARED) if layer(name) not in LAYERS} == set()


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        ("wire/bytes.js", "vault/signing.js"),
        ("store/store.js", "client/client.js"),
        ("client/client.js", "screens/app.js"),
        ("words.js", "wire/bytes.js"),
        ("wire/bytes.js", "/static/vendor/idb/idb.js"),
        ("client/client.js", "/static/vendor/lit-html/lit-html.js"),
        ("screens/app.js", "https://elsewhere.example/x.js"),
        ("screens/app.js", "screens/not_there.js"),
    ],
)
def test_an_import_that_goes_up_or_out_is_missed(own, wanted):
    assert not _allowed(own, wanted)


def test_no_module_is_too_long_to_be_read_at_once():
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_module_makes_markup_of_text_or_asks_another_host():
    found = {path.name: FORBIDDEN.findall(code(path)) for path in modules()}
    assert {name: marks for name, marks in found.items() if marks} == {}


def test_every_module_is_checked_by_types():
    for path in (*modules(), APP / "worker.js"):
        assert path.read_text("utf-8").startswith("// @ts-check\n"), path.name
        assert "@ts-ignore" not in path.read_text("utf-8"), path.name


def test_no_form_lets_the_browser_keep_what_is_in_it():
    """A browser writes what stands in forms into its own files, but where it is told not to."""
    forms = [one for path in modules() for one in re.findall(r"<form\b[^>]*", code(path))]
    fields = [one for path in modules() for one in TYPED.findall(code(path))]
    assert forms
    assert [one for one in forms if 'autocomplete="off"' not in one] == []
    assert fields
    assert [one for one in fields if "autocomplete=" not in one] == []
    # The code, as the password, in no field whose words a browser remembers.
    secret = [one for one in fields if re.search('id="(?:code|password)"', one)]
    assert secret
    assert [one for one in secret if 'type="password"' not in one] == []
