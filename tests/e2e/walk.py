"""A nurse's way through every screen of the field app, each brought about as she meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Locator, expect

from tests.e2e import families
from tests.e2e.felt import SMALL, Phone, agree_for_today
from tests.e2e.served import Served
from tests.e2e.test_inbox import Nurse
from tests.e2e.visitors import Visitor

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "api" / "translations" / "nb" / "LC_MESSAGES" / "messages.po"
LATER = timedelta(days=4)
"""A lease lasts three days at most."""

# What stands on the screen that she leaves is marked, and none of it is taken for the next one's.
_GO = """address => {
  if (location.hash === address) return;
  for (const one of document.querySelectorAll("#screen > *")) one.dataset.before = "";
  location.hash = address;
}"""
# Between a save and its round there are moments in which nothing seems to wait.
_QUIET = """() => {
  const tone = document.querySelector(".ff-state")?.dataset.tone;
  globalThis.quietFor = ["working", "waiting"].includes(tone) ? 0 : globalThis.quietFor + 1;
  return globalThis.quietFor > 20;
}"""


@cache
def _bokmal() -> dict[str, str]:
    """What the app says in bokmål, by what stands in the code."""
    with CATALOGUE.open("rb") as file:
        said = read_po(file, locale="nb")
    return {one.id: one.string for one in said if isinstance(one.id, str) and one.id}


@dataclass
class Walk:
    """A nurse's way through the app, in one of its languages; *look* is called at each screen."""

    served: Served
    browser: Browser
    language: str
    nurse: str
    look: Callable[[Phone, str], None]
    scale: float = 1

    def words(self, text: str) -> str:
        """A text of the code as the app says it."""
        return _bokmal()[text] if self.language == "nb" else text

    @contextmanager
    def phone(self) -> Iterator[Phone]:
        """A phone with nothing on it; what its browser complained of is told at the end."""
        context = self.browser.new_context(
            locale="nb-NO", timezone_id="Europe/Oslo", device_scale_factor=self.scale, **SMALL
        )
        context.add_init_script(f"localStorage.setItem('felt-language', '{self.language}')")
        phone = Phone(Visitor.arrive(self.served, context))
        yield phone
        context.close()
        assert phone.visitor.complaints == []

    def whole(self) -> None:
        """All of it."""
        with self.phone() as phone:
            self.without_store(phone)
        agree_for_today(Phone(Visitor(self.served, None, None)), self.nurse)  # type: ignore[arg-type]
        with self.phone() as phone:
            self.first_day(phone)
            self.writing(phone)
            self.new_family(phone)
            self.deciding(phone)
            self.alone(phone)
            self.two_tabs(phone)
            self.offline(phone)
            self.lease_over(phone)
            self.afar(phone)

    # Steps ------------------------------------------------------------------------------------

    def press(self, phone: Phone, text: str) -> None:
        """Press the button that says so."""
        phone.page.get_by_role("button", name=self.words(text), exact=True).first.click()

    def at(self, phone: Phone, text: str) -> None:
        """Wait for the screen of that heading."""
        phone.page.locator("h1", has_text=self.words(text)).wait_for()

    def visits(self, phone: Phone, address: str, waits: str) -> Locator:
        """Go to an address, and wait for something on its screen, not on the one before it."""
        phone.page.evaluate(_GO, address)
        there = phone.page.locator(
            f"#screen :is({waits}):not([data-before], [data-before] *)"
        ).first
        there.wait_for()
        return there

    def submit(self, phone: Phone) -> None:
        """The form's own button."""
        phone.page.locator("#screen button[type=submit]").last.click()

    def sent(self, phone: Phone) -> None:
        """Wait until a round has ended and all is sent, whatever else there is to decide."""
        phone.page.evaluate("() => { globalThis.quietFor = 0; }")
        phone.page.wait_for_function(_QUIET, timeout=60_000)

    # The walks --------------------------------------------------------------------------------

    def without_store(self, phone: Phone) -> None:
        """A private window, in a browser that keeps nothing there."""
        phone.page.add_init_script(
            "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })"
        )
        phone.visitor.goto("/felt/")
        phone.heading.wait_for()
        self.look(phone, "no-store")

    def first_day(self, phone: Phone) -> None:
        """From the address to her families."""
        page = phone.page
        phone.visitor.goto("/felt/")
        self.at(phone, "Welcome")
        self.look(phone, "welcome")
        page.fill("#username", self.nurse)
        page.fill("#password", "not hers")
        self.press(phone, "Sign in")
        page.locator("#error").wait_for()
        self.look(phone, "welcome-refused")
        page.fill("#password", self.served.passwords[self.nurse])
        self.press(phone, "Sign in")
        page.locator("#phone-name").wait_for()
        self.look(phone, "way")
        self.codes(phone, looks=True)
        page.locator("#screen .ds-button[data-variant=primary]").wait_for(timeout=60_000)
        self.sent(phone)
        self.look(phone, "fetched")
        self.press(phone, "To today's visits")
        page.locator(".ff-next").wait_for()
        self.look(phone, "today")

    def codes(self, phone: Phone, *, looks: bool = False) -> None:
        """From the way of opening the app until the families come."""
        page = phone.page
        see = self.look if looks else (lambda *_: None)
        self.press(phone, "A code of twelve characters")
        page.locator(".ff-code-shown").wait_for()
        phone.code = "".join(page.locator(".ff-code-shown [aria-hidden]").all_inner_texts())
        see(phone, "code")
        self.press(phone, "I have written it down")
        page.locator("#code").wait_for()
        see(phone, "code-again")
        page.fill("#code", phone.code)
        self.press(phone, "That is my code")
        self.at(phone, "Keep it on the phone")
        see(phone, "keep")
        self.press(phone, "Go on")

    def writing(self, phone: Phone) -> None:
        """What she finds and writes of a family."""
        page = phone.page
        self.visits(phone, "#/search", ".ff-row")
        self.look(phone, "search")
        name = page.locator(".ff-cover").first.inner_text().split()[0]
        page.fill("#typed", name)
        self.look(phone, "search-found")
        page.fill("#typed", "finnes ikke")
        page.locator(".ff-empty").wait_for()
        self.look(phone, "search-none")
        self.visits(phone, "#/today", ".ff-next .ff-cover").click()
        page.locator("#note").wait_for()
        family = page.evaluate("location.hash").split("/")[2]
        self.visits(phone, f"#/family/{family}/visit/new", "#note")
        page.fill("#need", "Vi får ikke sove, ingen av oss.")
        page.locator("label.ff-chip", has_text=self.theme()).first.click()
        page.fill("#note", "Mor er sliten, men stolt. Vi snakket om søvn.")
        self.look(phone, "visit")
        self.visits(phone, f"#/family/{family}/need", "#words")
        self.look(phone, "need")
        page.fill("#words", "Vi er redde for nettene, og vi har ingen familie i byen.")
        self.submit(phone)
        page.locator("#needs").wait_for()
        self.visits(phone, f"#/family/{family}/note", "#text")
        self.look(phone, "note")
        page.fill("#text", "Ringte mor. Alt vel.")
        self.submit(phone)
        page.locator("#notes").wait_for()
        self.sent(phone)
        correct = page.locator("#screen a[href*='/note/']").first.get_attribute("href")
        self.look(phone, "family")
        self.visits(phone, str(correct), "#text")
        self.look(phone, "correct")
        self.visits(phone, f"#/family/{family}/needs", ".ff-need")
        page.locator(".ff-chip").first.click()
        self.look(phone, "needs")
        self.visits(phone, f"#/family/{family}/handover", "#text")
        self.look(phone, "handover")

    def theme(self) -> str:
        """Sleep, which most visits are about."""
        return "Søvn" if self.language == "nb" else "Sleep"

    def new_family(self, phone: Phone) -> None:
        """A family that she met today; then their child is born, or is not."""
        page = phone.page
        self.visits(phone, "#/new", "#oneName")
        self.submit(phone)
        page.locator(".ds-validation-message").first.wait_for()
        self.look(phone, "new-family-flaws")
        self.visits(phone, "#/today", ".ff-next")
        self.visits(phone, "#/new", "#oneName")  # without what was said about the fields
        page.fill("#oneName", "Myk Skog")
        page.locator("#oneRole label.ff-chip").first.click()
        page.fill("#onePhone", "40000001")
        page.fill("#twoName", "Stille Fjell")
        page.locator("#twoRole label.ff-chip").nth(1).click()
        page.fill("#term", (families.today() + timedelta(days=21)).isoformat())
        page.fill("#lines", "Prøveveien 7")
        page.fill("#postalCode", "0981")
        page.select_option("#delbydel", index=1)
        self.look(phone, "new-family")
        self.submit(phone)
        page.locator("#people").wait_for()
        family = page.evaluate("location.hash")
        self.visits(phone, f"{family}/birth", "#bornOn")
        self.press(phone, "One more child")
        self.look(phone, "birth")
        self.visits(phone, f"{family}/loss", "#on")
        self.look(phone, "loss")
        self.sent(phone)

    def deciding(self, phone: Phone) -> None:
        """Two of her phones told another number, and a visit came that cannot have been."""
        self.visits(phone, "#/inbox", "*")
        self.look(phone, "inbox-empty")
        with httpx.Client(base_url=f"{self.served.address}/api/v1", timeout=60) as line:
            other = Nurse(self.served, line, self.nurse)
            known = line.get("/families").raise_for_status().json()["items"]
            family = f"/families/{known[0]['id']}"
            other.number(family, "41111111")
            assert "review" in other.number(family, "42222222")
            at = f"{families.today().year + 1}-01-07T10:00:00+01:00"
            visit = {"op": "visit.record", "visit_id": str(uuid4()), "outcome": "done"}
            assert "review" in other.sends(family, visit | {"minutes": 60, "at": at})
        self.press(phone, "Fetch now")
        page = phone.page
        page.locator(".ff-count").wait_for(timeout=60_000)
        self.sent(phone)
        self.visits(phone, "#/today", ".ff-next")
        self.visits(phone, "#/inbox", ".ff-versions")
        self.look(phone, "inbox")
        buttons = page.locator(".ff-choice button")
        while there := buttons.count():
            why = page.locator("#screen textarea")
            if why.count() > 0:
                why.first.fill("Tallet på døra var feil.")
            page.locator(".ff-card").first.locator(".ff-choice button").last.click()
            expect(buttons).not_to_have_count(there, timeout=30_000)
        self.sent(phone)

    def alone(self, phone: Phone) -> None:
        """Out alone, and what the frame says meanwhile; then the phone itself."""
        page = phone.page
        self.visits(phone, "#/today", ".ff-next a[href^='#/out/']").click()
        page.locator(".ff-choices button").first.wait_for()
        self.look(phone, "out")
        page.locator(".ff-choices button").nth(1).click()
        page.get_by_text(self.words("Your base knows.")).wait_for()
        self.look(phone, "out-now")
        self.visits(phone, "#/today", ".ff-next")
        self.look(phone, "today-out")
        self.visits(phone, "#/out", ".ff-out-until")
        self.press(phone, "Check out: I am safe")
        page.locator(".ff-next").wait_for()
        self.visits(phone, "#/settings", "#log")
        self.look(phone, "settings")
        self.visits(phone, "#/way/passkey", "#code")
        self.look(phone, "way-add")
        self.visits(phone, "#/way/code/remove", ".ff-lede")
        self.look(phone, "way-remove")
        self.visits(phone, "#/hand-over", ".ff-lede")
        self.look(phone, "hand-over")
        phone.visit(f"#/family/{uuid4()}/visit/new")
        self.at(phone, "This could not be shown")
        self.look(phone, "broken")

    def two_tabs(self, phone: Phone) -> None:
        """She opens the app a second time."""
        second = Phone(Visitor.arrive(self.served, phone.visitor.context))
        second.visitor.goto("/felt/")
        self.at(second, "The app is open in another tab")
        self.look(second, "elsewhere")
        second.page.close()

    def offline(self, phone: Phone) -> None:
        """In a stairwell; then the code is gone."""
        page, context = phone.page, phone.visitor.context
        family = self.a_family(phone)
        context.set_offline(True)
        self.visits(phone, f"{family}/note", "#text")
        page.fill("#text", "Skrevet i trappa.")
        self.submit(phone)
        page.locator(".ff-state[data-tone=waiting]").wait_for()
        page.locator("#notes").wait_for()
        self.look(phone, "waiting")
        self.visits(phone, "#/hand-over", ".ds-alert")
        self.look(phone, "hand-over-unsent")
        self.press(phone, "Lock")
        page.locator("#code").wait_for()
        self.look(phone, "lock")
        page.fill("#code", "0000-0000-0000")
        self.submit(phone)
        page.locator("#error").wait_for()
        self.look(phone, "lock-wrong")
        self.visits(phone, "#/lost-code", "#password")
        self.look(phone, "lost-code")
        self.visits(phone, "#/today", "#code")
        self.opens(phone)
        context.set_offline(False)
        page.locator(".ff-state[data-tone=waiting]").wait_for(state="detached", timeout=60_000)
        self.sent(phone)

    def a_family(self, phone: Phone) -> str:
        """The address of one of hers."""
        first = self.visits(phone, "#/search", "#screen a[href^='#/family/']")
        return str(first.get_attribute("href"))

    def opens(self, phone: Phone) -> None:
        """She types the code."""
        phone.page.fill("#code", phone.code)
        self.submit(phone)
        phone.page.locator("#code").wait_for(state="detached")

    def lease_over(self, phone: Phone) -> None:
        """Four days without coverage, and a note all the same."""
        page, context = phone.page, phone.visitor.context
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        context.set_offline(True)
        page.clock.set_fixed_time(datetime.now(UTC) + LATER)
        page.reload()  # the app takes its clock when it starts
        page.locator("#code").wait_for()
        self.opens(phone)
        self.at(phone, "Your families are closed")
        self.look(phone, "lease-over")
        self.visits(phone, "#/note", "#who")
        page.fill("#who", "De i Prøveveien")
        page.fill("#text", "Barnet har gått opp i vekt. Mor spør om hjelp til å sove.")
        self.look(phone, "loose-note")
        self.submit(phone)
        page.locator("#who").wait_for(state="detached")
        self.at(phone, "Your families are closed")
        self.visits(phone, "#/sign-in", "#password")
        self.look(phone, "sign-in")
        context.set_offline(False)
        page.fill("#password", self.served.passwords[self.nurse])
        self.submit(phone)
        phone.page.locator("#password").wait_for(state="detached", timeout=60_000)
        self.sent(phone)
        self.visits(phone, "#/today", "a[href^='#/note/']")
        self.look(phone, "today-loose")
        page.locator("a[href^='#/note/']").click()
        page.locator("#screen .ff-row").first.wait_for()
        self.look(phone, "loose-note-whose")

    def afar(self, phone: Phone) -> None:
        """She thought that the phone was lost: she stops it at her desk, then has it erased."""
        desk = Visitor.arrive(self.served, self.browser.new_context(locale="nb-NO"))
        self.stops(desk, "lock")
        self.press(phone, "Fetch now")
        self.at(phone, "This phone was stopped")
        phone.page.locator("#screen [role=status]").wait_for(state="detached")
        self.look(phone, "stopped")
        self.stops(desk, "wipe")
        self.press(phone, "Try again")
        self.at(phone, "This phone was erased")
        self.look(phone, "wiped")
        desk.context.close()

    def stops(self, desk: Visitor, how: str) -> None:
        """On the page about the phone that was seen last."""
        desk.sign_in(self.nurse)
        desk.goto("/phones")
        desk.page.locator("tbody tr", has_text=self.words("Work phone")).first.locator("a").click()
        desk.page.check(f"[name=stop][value={how}]")
        desk.submit()
