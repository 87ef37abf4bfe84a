"""Somebody at a browser: signs in, fills in forms, and hears every complaint of the browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.e2e.served import Served

AXE = Path(__file__).parents[2] / "api" / "static" / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# The browser tells of every answer that is not 2xx; a form with flaws is answered by 422.
_REFUSED = "Failed to load resource"


@dataclass
class Visitor:
    """A person at a browser of her own."""

    served: Served
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, served: Served, context: BrowserContext) -> Visitor:
        """Open the browser and listen."""
        visitor = cls(served, context, context.new_page())
        visitor.page.on("console", visitor._hear)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on("request", visitor._follow)
        return visitor

    def speaks(self, language: str) -> None:
        """Choose a language by its link in the header."""
        self.page.goto(f"{self.served.address}/language/{language}")

    def sign_in(self, username: str) -> None:
        """Sign in on the page for it."""
        self.goto("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", self.served.passwords[username])
        self.submit()

    def goto(self, path: str) -> None:
        """Open a page of ours."""
        self.page.goto(self.served.address + path)

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)

    def submit(self) -> None:
        """Press the form's own button and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator("form.nf-form button[type=submit]").last.click()

    @property
    def path(self) -> str:
        """Where she is, without what was just done."""
        return self.page.url.removeprefix(self.served.address).partition("?")[0]

    def accessible(self) -> list[str]:
        """What axe-core finds wrong with the page: nothing, one hopes.

        Sources: WCAG 2.1, levels A and AA, and axe's own best practice.
        """
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules})", RULES
        )
        return [
            f"{self.path}: {one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def width_beyond_screen(self) -> int:
        """By how many pixels the page must be scrolled sideways."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_REFUSED):
            self.complaints.append(message.text)

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((self.served.address, "data:")):
            self.complaints.append(f"asked {request.url}")
