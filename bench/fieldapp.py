"""The field app on a phone: its first load, and from the code to today's visits.

A store of 60 families with 40 records each is filled by the app's own engine. Then the app is
opened with no network, the code is typed, and the CPU of the whole browser is counted until
today's list is drawn: stretching the code (PBKDF2, which is meant to be slow) by itself, and the
rest.
"""

from __future__ import annotations

import shutil
import statistics
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from api.felt.edition import edition_of
from api.felt.routes import blueprint
from api.squeezing import squeeze_files

FAMILIES, RECORDS, TURNS = 60, 40, 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FILL = Path(__file__).with_name("_fieldapp.js").read_text(encoding="utf-8")
STRETCH = """async ({ code }) => {
  const base = await crypto.subtle.importKey(
    "raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(32), iterations: 600000 };
  await crypto.subtle.deriveBits(how, base, 256);
}"""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """What was asked for is no news."""


def main() -> None:
    """Measure, and print."""
    files()
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        days(browser, address)
        browser.close()


def files() -> None:
    """What the app consists of, in bytes as it lies there; the browser test counts what travels."""
    edition = edition_of()
    sizes = [len(edition.assets[one].content) for one in edition.digests if one in edition.assets]
    print(f"{len(edition.digests)} files; ours are {sum(sizes) / 1024:,.0f} KiB unpacked\n")


def days(browser: Browser, address: str) -> None:
    """From the code to today's list, several times, each in a browser with nothing in it."""
    cpu = browser.new_browser_cdp_session()
    turns = [day(browser, cpu, address) for _ in range(TURNS)]
    print(f"| {FAMILIES} families x {RECORDS} records | CPU s, median of {TURNS} | least | most |")
    print("|---|---|---|---|")
    for name in turns[0]:
        told = [turn[name] for turn in turns]
        print(f"| {name} | {statistics.median(told):.2f} | {min(told):.2f} | {max(told):.2f} |")
    print()


def day(browser: Browser, cpu: CDPSession, address: str) -> dict[str, float]:
    """One phone: filled, reloaded, opened."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.goto(f"{address}/felt/")
    page.locator("#username").wait_for()
    before = spent(cpu)
    told = page.evaluate(FILL, {"families": FAMILIES, "records": RECORDS})
    filled = spent(cpu) - before
    page.reload()
    page.locator("#code").wait_for()
    context.set_offline(True)
    before = spent(cpu)
    page.evaluate(STRETCH, told)
    stretched = spent(cpu) - before
    opened = _open(page, cpu, told["code"])
    context.close()
    return {
        "stretching the code": stretched,
        "code to today's list": opened,
        "of which beside the stretching": opened - stretched,
        "first download and writing it, server in the page": filled,
    }


def _open(page: Page, cpu: CDPSession, code: str) -> float:
    page.fill("#code", code)
    before = spent(cpu)
    page.locator("form button[type=submit]").click()
    page.locator("#next").wait_for()
    return spent(cpu) - before


def spent(cpu: CDPSession) -> float:
    """CPU seconds that all processes of the browser have taken."""
    told = cpu.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(one["cpuTime"] for one in told))


@contextmanager
def serving() -> Generator[str, None, None]:
    """The app's files on a free port, with no programme behind them."""
    app = Flask("api")
    squeeze_files(app)
    app.register_blueprint(blueprint)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("This benchmark needs Chromium; make test installs it.")
    return found


if __name__ == "__main__":
    main()
