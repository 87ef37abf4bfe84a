"""The API's documentation works in a browser that obeys our Content-Security-Policy."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest
from werkzeug.serving import make_server

from tests.architecture.doors import app_without_database, roles_by_operation


@pytest.fixture
def app(tmp_path):
    return app_without_database(tmp_path / "keyring.json")


@pytest.fixture
def address(app) -> Generator[str, None, None]:
    """The app on a port of its own; the documentation needs no database."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_shows_every_operation_without_a_complaint_and_asks_nobody_else(
    app, address, browser
):
    complaints, asked = [], []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/api/docs")
    page.wait_for_selector(".opblock")
    shown = page.locator(".opblock").count()
    page.close()
    assert complaints == []
    assert shown == len(roles_by_operation(app))
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
