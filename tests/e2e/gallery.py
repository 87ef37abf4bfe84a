"""Every screen of the field app by its name; `python -m tests.e2e.gallery` takes their pictures.

They are taken in bokmål. All people are synthetic.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.e2e.felt import SMALL, Phone
from tests.e2e.served import serve
from tests.e2e.walk import Walk
from tests.places import deployment_folder

COLOURS = 64
"""Enough for what is drawn in few colours; a picture is a third as large."""
IMAGES = Path(__file__).parents[2] / "docs" / "images"

SCREENS = {
    "no-store": ("trouble", None),
    "welcome": ("start", "/start"),
    "welcome-refused": ("start", None),
    "way": ("start", None),
    "code": ("start", None),
    "code-again": ("start", None),
    "keep": ("start", None),
    "fetched": ("start", None),
    "today": ("today", "/today"),
    "search": ("search", "/search"),
    "search-found": ("search", None),
    "search-none": ("search", None),
    "visit": ("visit", "/family/:family/visit/:visit"),
    "note": ("note", "/family/:family/note"),
    "need": ("need", "/family/:family/need"),
    "new-family-flaws": ("new_family", None),
    "new-family": ("new_family", "/new"),
    "birth": ("birth", "/family/:family/birth"),
    "loss": ("birth", "/family/:family/loss"),
    "family": ("family", "/family/:family"),
    "needs": ("needs", "/family/:family/needs"),
    "correct": ("note", "/family/:family/note/:note"),
    "handover": ("handover", "/family/:family/handover"),
    "inbox": ("inbox", "/inbox"),
    "inbox-empty": ("inbox", None),
    "out": ("out", "/out/:family"),
    "out-now": ("out", "/out"),
    "today-out": ("today", None),
    "settings": ("settings", "/settings"),
    "way-add": ("ways", "/way/:kind"),
    "way-remove": ("ways", "/way/:kind/remove"),
    "hand-over": ("hand_over_phone", "/hand-over"),
    "elsewhere": ("elsewhere", None),
    "broken": ("broken", None),
    "waiting": ("family", None),
    "hand-over-unsent": ("hand_over_phone", None),
    "lock": ("lock", "/lock"),
    "lock-wrong": ("lock", None),
    "lost-code": ("lost_code", "/lost-code"),
    "lease-over": ("closed", None),
    "loose-note": ("loose_note", "/note"),
    "sign-in": ("sign_in", "/sign-in"),
    "today-loose": ("today", None),
    "loose-note-whose": ("loose_note", "/note/:note"),
    "stopped": ("stopped", None),
    "wiped": ("stopped", None),
}
"""By the picture's name: the screen's module, and its address where it has one of its own."""


def main() -> None:
    """Take a picture of every screen."""
    IMAGES.mkdir(exist_ok=True)
    with (
        deployment_folder() as folder,
        serve(folder) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=FLAGS)
        Walk(served, browser, "nb", "alna2", take, scale=2).whole()
        browser.close()


def take(phone: Phone, name: str) -> None:
    """The screen from top to bottom: as tall as what is on it, with the tabs below."""
    page, small = phone.page, SMALL["viewport"]
    page.locator(".ff-said[data-empty], body:not(:has(.ff-said))").wait_for(state="attached")
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": small["width"], "height": max(tall, small["height"])})
    page.evaluate("document.activeElement.blur(); document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)  # a small dot keeps its green
    few.save(IMAGES / f"felt-{name}.png", optimize=True)
    page.set_viewport_size(small)


if __name__ == "__main__":
    main()
