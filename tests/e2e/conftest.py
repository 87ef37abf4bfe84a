"""One running programme for all of the browser tests."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.served import Served, serve
from tests.e2e.visitors import Visitor
from tests.places import deployment_folder

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser tests on one worker: the programme and the browser are started once."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def served() -> Generator[Served, None, None]:
    """The programme, started once."""
    with deployment_folder() as var, serve(var) as running:
        yield running


@pytest.fixture
def arrives(browser: Browser, served: Served) -> Generator[Callable[..., Visitor], None, None]:
    """Somebody comes, to a browser with nothing in it; whatever it complained of is told."""
    visitors: list[Visitor] = []

    def arrive(username: str | None = None, **options: object) -> Visitor:
        context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", **options)
        visitor = Visitor.arrive(served, context)
        visitors.append(visitor)
        if username is not None:
            visitor.sign_in(username)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
