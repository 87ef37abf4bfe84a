"""A nurse with the field app on her phone: the steps that every test of it begins with."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page

from tests.e2e.served import Served
from tests.e2e.visitors import Visitor

SMALL = {"viewport": {"width": 360, "height": 640}, "has_touch": True}
_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility() && !one.matches(".ff-hidden, .ds-skip-link"))
  .map((one) => one.matches(".ff-cover") ? one.closest(".ff-target") : one)
  .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width < 48 || box.height < 48)
  .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""
_SMALL_TEXT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) =>
    node.nodeType === Node.TEXT_NODE && node.textContent.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 16)
  .map((one) => one.outerHTML.slice(0, 120))"""


@dataclass
class Phone:
    """The app in her hand."""

    visitor: Visitor
    code: str = ""

    @property
    def page(self) -> Page:
        """Where it is shown."""
        return self.visitor.page

    @property
    def heading(self) -> Locator:
        """The screen's one heading."""
        return self.page.locator("h1")

    @property
    def state(self) -> Locator:
        """The line about sending."""
        return self.page.locator("#state")

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name).click()

    def visit(self, address: str) -> None:
        """Go to a screen by its address."""
        self.page.evaluate("hash => { location.hash = hash; }", address)

    def search(self) -> None:
        """Go to all her families; today's visits, which lead to families too, stand until then."""
        self.visit("#/search")
        self.page.locator("#typed").wait_for()

    def begin(self, username: str, shown: Callable[[], None] | None = None) -> None:
        """The first day: sign in, have a code drawn, and let the families come.

        Args:
            username: Who she is.
            shown: What is done while the code can be seen.
        """
        self.sign_in(username)
        self.choose_code(shown)

    def choose_code(self, shown: Callable[[], None] | None = None) -> None:
        """From the way of opening the app to today's visits."""
        self.press("En kode på tolv tegn")
        self.page.locator(".ff-code-shown").wait_for()
        self.code = "".join(self.page.locator(".ff-code-shown [aria-hidden]").all_inner_texts())
        if shown is not None:
            shown()
        self.press("Jeg har skrevet den ned")
        self.page.fill("#code", self.code)
        self.press("Det er koden min")
        self.press("Gå videre")
        self.page.get_by_role("button", name="Til dagens besøk").click(timeout=60_000)
        self.heading.wait_for()

    def sign_in(self, username: str) -> None:
        """Only the first step of it."""
        self.visitor.goto("/felt/")
        self.page.fill("#username", username)
        self.page.fill("#password", self.visitor.served.passwords[username])
        self.press("Logg inn")

    def unlock(self, code: str | None = None) -> None:
        """Type the code."""
        self.page.fill("#code", code or self.code)
        self.press("Åpne appen")

    def speaks(self, language: str) -> None:
        """Choose a language among the phone's settings."""
        self.visit("#/settings")
        self.press({"nb": "Norsk", "en": "English"}[language])
        self.page.locator(f"html[lang={language}]").wait_for()

    def flaws(self) -> list[str]:
        """What a thumb, an eye or a screen reader would trip over on the screen that is shown."""
        found: list[Any] = self.visitor.accessible()
        found += self.page.evaluate(_TARGETS)
        found += self.page.evaluate(_SMALL_TEXT)
        beyond = self.visitor.width_beyond_screen()
        return [str(one) for one in found] + ([f"{beyond} px too wide"] if beyond > 0 else [])


@contextmanager
def at_the_clinic(served: Served, username: str) -> Generator[httpx.Client, None, None]:
    """Somebody who asks the server itself, over REST."""
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as clinic:
        sign_in = {"username": username, "password": served.passwords[username]}
        token = clinic.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        clinic.headers["Authorization"] = f"Bearer {token}"
        yield clinic


def agree_for_today(phone: Phone, username: str = "stovner1") -> str:
    """Agree on a visit within the hour, as somebody at the clinic would; the family's id."""
    with at_the_clinic(phone.visitor.served, username) as clinic:
        families = clinic.get("/families").raise_for_status().json()["items"]
        family = str(max(families, key=lambda one: one["born_on"] or "")["id"])
        at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=50)
        visit = {
            "at": at.isoformat(),
            "place": "hjemme",
            "agreed": "Foreldrene vil snakke om søvn, og om å være to om det.",
            "interpreter": {"language": "so", "remote": True, "confirmed": True},
            "outside_hours": "Slik passet det for familien.",
        }
        key = {"Idempotency-Key": str(uuid4())}
        clinic.post(f"/families/{family}/visits", json=visit, headers=key).raise_for_status()
    return family
