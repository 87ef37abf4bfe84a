"""The app's modules in a real Chromium, without the programme: `module_page` runs them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.fieldapp.serving import files_app, serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these on one worker: the server and the browser are started once."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("modules"))


class ModulePage:
    """An empty page of the app's origin, with an empty store.

    ``module_page("async (given) => { const { hex } = await import('/felt/src/x.js'); ... }",
    {"a": 1})`` runs the function in it and answers with what it returns, as JSON carries it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __call__(self, function: str, given: Any = None) -> Any:
        return self.page.evaluate(function, given)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)


@pytest.fixture(scope="session")
def files() -> Generator[str, None, None]:
    """The address of the app's files."""
    with serving(files_app()) as address:
        yield address


@pytest.fixture
def module_page(browser: Browser, files: str) -> Generator[ModulePage, None, None]:
    """Runs JavaScript beside the app's modules; an error on the console fails the test."""
    context = browser.new_context(locale="nb-NO", timezone_id="America/New_York")
    made = ModulePage(context.new_page())
    made.page.goto(f"{files}/blank")
    yield made
    context.close()
    assert made.complaints == []
