"""The field app on a phone: installed whole or not at all, opened offline, renewed late."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from api.felt.edition import APP
from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.fieldapp.serving import files_app, serving

MAIN = """
import { considerUpdate, install, onUpdateWaiting } from "./installing.js";
import { edition } from "./marker.js";
document.querySelector("#app").textContent = edition;
onUpdateWaiting(async () => localStorage.getItem("unsent") === null);
document.addEventListener("sent", () => considerUpdate());
await install();
"""
LARGEST_FIRST_LOAD = 350_000
SETTLED = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((again) => setTimeout(again, 20));
}"""
LOOK = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/felt/");
  await registration.update();
  const coming = registration.installing;
  if (!coming) return "none";
  return new Promise((told) => coming.addEventListener("statechange", () => {
    if (["activated", "redundant"].includes(coming.state)) told(coming.state);
  }));
}"""
LOOK_AND_GO_ON = """() => {
  navigator.serviceWorker.getRegistration("/felt/").then((one) => one.update());
}"""
IN_CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const keys = await (await caches.open(name)).keys();
    found[name] = keys.map((one) => new URL(one.url).pathname);
  }
  return found;
}"""


class Phone:
    """One browser profile that outlives its browser."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self._playwright, self._profile = playwright, profile
        self.complaints: list[str] = []
        self.context: BrowserContext | None = None

    def starts(self) -> Page:
        """The browser is started, as after it was ended or the phone was."""
        self.ends()
        self.context = self._playwright.chromium.launch_persistent_context(
            self._profile, executable_path=ensure_chromium(), args=FLAGS, locale="nb-NO"
        )
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', (event) =>"
            " console.error('CSP: ' + event.violatedDirective + ' ' + event.sourceFile))"
        )
        page = self.context.new_page()
        page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def ends(self) -> None:
        """The browser ends."""
        if self.context is not None:
            self.context.close()
            self.context = None


class Server:
    """Serves a folder of its own, which a test changes; it can be away, or alter what it sends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sent, self.altered, self.missing = folder, 0, "", ""
        self.app: Flask = files_app(folder)
        self.app.before_request(self._alter)
        self.app.add_url_rule("/api/v1/me", view_func=lambda: {"name": "secret"})
        self.app.add_url_rule("/out", view_func=_clears_storage)
        self.app.wsgi_app = self._weighed(self.app.wsgi_app)
        self._running = ExitStack()
        self.address = self._running.enter_context(serving(self.app))

    def goes_away(self) -> None:
        """Nobody answers at its address any more."""
        self._running.close()

    def has_edition(self, words: str, main: str = MAIN) -> None:
        """Another edition lies there from now on."""
        (self.folder / "src" / "marker.js").write_text(f'export const edition = "{words}";\n')
        (self.folder / "src" / "main.js").write_text(f"{main}// {words}\n")

    def _alter(self) -> Response | None:
        if request.path == self.missing:
            return Response("Away for a moment.", 503)
        return Response("export {};") if request.path == self.altered else None

    def _weighed(self, app: Any) -> Callable[..., list[bytes]]:
        def answer(environ: Any, start_response: Any) -> list[bytes]:
            def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Any:
                self.sent += sum(len(name) + len(value) + 4 for name, value in headers)
                return start_response(status, headers, *rest)

            with closing(app(environ, start)) as body:
                content = b"".join(body)
            self.sent += len(content)
            return [content]

        return answer


def _clears_storage() -> Response:
    return Response("", headers={"Clear-Site-Data": '"storage"'})


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server, None, None]:
    folder = tmp_path / "fieldapp"
    shutil.copytree(APP, folder)
    server = Server(folder)
    yield server
    server.goes_away()


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Generator[Phone, None, None]:
    phone = Phone(playwright, tmp_path / "profile")
    yield phone
    phone.ends()


def opens(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/felt/")


def comes(page: Page) -> None:
    """The app finds the new edition, and starts itself anew in it."""
    with page.expect_navigation():
        page.evaluate(LOOK_AND_GO_ON)


def shows(page: Page, words: str) -> None:
    expect(page.locator("#app")).to_have_text(words)


@pytest.fixture
def installed(server: Server, phone: Phone) -> Callable[..., Page]:
    """The page of an app that was installed in edition one."""

    def install(main: str = MAIN) -> Page:
        server.has_edition("one", main)
        page = phone.starts()
        opens(page, server)
        page.evaluate(SETTLED)
        return page

    return install


def test_the_app_opens_with_the_server_away_and_the_browser_started_anew(server, phone):
    page = phone.starts()
    opens(page, server)
    page.evaluate(SETTLED)
    server.goes_away()
    page.reload()
    expect(page.get_by_role("main")).to_be_visible()
    page = phone.starts()
    opens(page, server)
    expect(page.get_by_role("main")).to_be_visible()
    expect(page).to_have_title(re.compile("Nye familier"))
    assert phone.complaints == []


def test_an_edition_with_one_altered_file_is_refused_and_the_old_one_goes_on(server, installed):
    page = installed()
    before = page.evaluate(IN_CACHES)
    server.has_edition("two")
    server.altered = "/felt/src/marker.js"
    assert page.evaluate(LOOK) == "redundant"
    assert page.evaluate(IN_CACHES) == before
    page.reload()
    shows(page, "one")
    server.altered = ""
    comes(page)
    shows(page, "two")


def test_an_edition_that_cannot_be_fetched_whole_is_refused(server, installed):
    page = installed()
    server.has_edition("two")
    server.missing = "/felt/src/main.js"
    assert page.evaluate(LOOK) == "redundant"
    page.reload()
    shows(page, "one")


def test_a_new_edition_waits_for_what_is_unsent_however_often_the_app_is_opened(
    server, phone, installed
):
    page = installed()
    page.evaluate("localStorage.setItem('unsent', '1')")
    server.has_edition("two")
    assert page.evaluate(LOOK) == "activated"
    for again in (page.reload, lambda: opens(page, server)):
        again()
        shows(page, "one")
    page = phone.starts()
    opens(page, server)
    shows(page, "one")
    page.evaluate("localStorage.removeItem('unsent')")
    page.evaluate("document.dispatchEvent(new Event('sent'))")
    shows(page, "two")
    kept = page.evaluate(IN_CACHES)
    assert len(kept) == 2, kept


def test_a_second_window_comes_along(server, installed, phone):
    page = installed()
    other = phone.context.new_page()
    opens(other, server)
    server.has_edition("two")
    comes(page)
    shows(page, "two")
    shows(other, "two")


def test_an_edition_that_does_not_start_does_not_keep_its_cure_away(server, installed):
    page = installed()
    server.has_edition("two", "throw new Error('broken');")
    comes(page)
    server.has_edition("three")
    for _ in range(3):  # one to fetch the cure, one to find that nobody is here, one to take it
        opens(page, server)
        page.evaluate(LOOK)
    opens(page, server)
    shows(page, "three")


def test_what_is_kept_is_the_edition_and_no_answer_of_the_api(server, installed):
    page = installed()
    page.reload()
    told = page.evaluate("fetch('/api/v1/me').then((answer) => answer.text())")
    assert "secret" in told
    page.evaluate("fetch('/felt/api/v1/me').catch(() => null)")
    kept = page.evaluate(IN_CACHES)
    assert kept
    for name, paths in kept.items():
        assert paths, name
        assert [one for one in paths if not one.startswith(("/felt/", "/static/vendor/"))] == []
        assert [one for one in paths if "/api/" in one] == []


def test_the_phone_wakes_open_pages_when_there_is_a_network_again(server, phone, installed):
    main = MAIN.replace("import {", "import { onWake,", 1)
    page = installed(
        main.replace("await install", "onWake(() => { document.title = 'awake'; });\nawait install")
    )
    session = phone.context.new_cdp_session(page)
    told: list[Any] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: told.append(event))  # noqa: PLW0108
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(100)  # what it tells of what was there before comes as events
    registration = told[0]["registrations"][0]["registrationId"]
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": server.address, "registrationId": registration, "tag": "x", "lastChance": False},
    )
    expect(page).to_have_title("awake")


def test_the_browser_has_nothing_to_complain_of_and_trusted_types_are_on(server, phone):
    page = phone.starts()
    opens(page, server)
    page.evaluate(SETTLED)
    page.reload()
    expect(page.get_by_role("main")).to_be_visible()
    assert phone.complaints == []
    refused = page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return 'taken'; }"
        " catch (refusal) { return refusal.name; } }"
    )
    assert refused == "TypeError"


def test_the_first_load_and_its_install_weigh_little(server, phone):
    page = phone.starts()
    opens(page, server)
    page.evaluate(SETTLED)
    page.wait_for_load_state("networkidle")
    print(f"first load and install: {server.sent} bytes")  # noqa: T201
    assert server.sent < LARGEST_FIRST_LOAD


KEEP = """() => new Promise((done) => {
  const opening = indexedDB.open("felt-test", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("notes");
  opening.onsuccess = () => {
    const writing = opening.result.transaction("notes", "readwrite");
    writing.objectStore("notes").put("unsent", 1);
    writing.oncomplete = () => { opening.result.close(); done(); };
  };
})"""
KEPT = """() => new Promise((done) => {
  const opening = indexedDB.open("felt-test", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("notes");
  opening.onsuccess = () => {
    const reading = opening.result.transaction("notes").objectStore("notes").get(1);
    reading.onsuccess = () => { opening.result.close(); done(reading.result ?? null); };
  };
})"""


def test_signing_out_of_the_pages_does_not_erase_what_the_app_has_not_sent(arrives):
    nurse = arrives("stovner1")
    nurse.goto("/felt/")
    nurse.page.evaluate(SETTLED)
    nurse.page.evaluate(KEEP)
    nurse.goto("/")
    with nurse.page.expect_navigation():
        nurse.page.locator("form[action='/sign-out'] button").click()
    nurse.goto("/")
    assert nurse.path == "/sign-in"
    nurse.goto("/felt/")
    assert nurse.page.evaluate(KEPT) == "unsent"
    assert nurse.page.evaluate(IN_CACHES)


def test_a_browser_that_is_told_to_clear_storage_would_erase_it(server, phone):
    page = phone.starts()
    opens(page, server)
    page.evaluate(KEEP)
    page.goto(f"{server.address}/out")
    opens(page, server)
    assert page.evaluate(KEPT) is None
