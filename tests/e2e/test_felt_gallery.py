"""Every screen of the field app, brought about in the served programme: anybody can use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.gallery import IMAGES, SCREENS
from tests.e2e.screens import flaws
from tests.e2e.walk import Walk

MODULES = Path(__file__).parents[2] / "fieldapp" / "src" / "screens"
NURSES = {"nb": "grunerlokka1", "en": "stovner3"}
"""Each has a visit agreed for this hour: one at a time."""
ROUTE = re.compile(r'path: "([^"]+)"')
PICTURE = re.compile(r"images/felt-([\w-]+)\.png")
SCREEN = re.compile(r"^import \{ .* \} from \"\./(\w+)\.js\";$", re.MULTILINE)
FRAME = {"frame", "locking", "outings", "routes", "routing", "gate", "syncing", "tabs"}
"""What app.js and gate.js import that is no screen."""


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_screen_can_be_read_and_used_by_everybody(browser, served, language):
    found: dict[str, list[str]] = {}
    Walk(
        served,
        browser,
        language,
        NURSES[language],
        lambda phone, name: found.update({name: flaws(phone)}),
    ).whole()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert sorted(found) == sorted(SCREENS)


def test_every_address_is_in_the_gallery():
    routes = set(ROUTE.findall((MODULES / "routes.js").read_text(encoding="utf-8")))
    assert routes == {address for _module, address in SCREENS.values() if address}


def test_every_screen_is_in_the_gallery():
    imported = {
        name
        for module in ("routes", "gate", "app")
        for name in SCREEN.findall((MODULES / f"{module}.js").read_text(encoding="utf-8"))
    }
    assert imported - FRAME | {"trouble"} == {module for module, _address in SCREENS.values()}


def test_every_screen_has_its_picture_and_nurses_are_shown_each_kind_of_screen():
    taken = {path.stem.removeprefix("felt-") for path in IMAGES.glob("felt-*.png")}
    assert taken == set(SCREENS)
    shown = PICTURE.findall((IMAGES.parent / "felt.md").read_text(encoding="utf-8"))
    kinds = {module for module, _address in SCREENS.values()}
    assert {SCREENS[name][0] for name in shown} == kinds
