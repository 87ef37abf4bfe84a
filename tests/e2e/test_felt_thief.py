"""What a thief finds in the browser's files: nothing that was written, and no key."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode

import pytest
from playwright.sync_api import expect

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.e2e.felt import Phone
from tests.e2e.test_felt_day import opens
from tests.e2e.thieves import Birds, Clinic, Stolen
from tests.e2e.visitors import Visitor
from tests.fieldapp.test_store import kill
from tests.profiles import found_in

NURSE = "alna2"
FAMILIES = 5
CANARIES = 100
# What the browser keeps of a page in order to restore it is written after a while.
RESTORE_MS = 3500
IDLE_MS = 5 * 60 * 1000 + 2000
HIDDEN_MS = 32_000
LEASE_MS = 73 * 60 * 60 * 1000
CLOSED = "Familiene dine er lukket"


@pytest.fixture
def stolen(playwright, served, tmp_path):
    made = Stolen(playwright, tmp_path / "profile", served)
    yield made
    made.phone.visitor.context.close()


def plant(served, birds: Birds) -> list[str]:
    """What was written at the clinic: families with names, addresses, notes and needs."""
    clinic = Clinic(served, NURSE)
    families = [clinic.register(birds) for _ in range(FAMILIES)]
    for family in families:
        for _ in range(3):
            clinic.write(family, birds)
    clinic.close()
    return families


def visited(phone: Phone, family: str, birds: Birds) -> None:
    """A visit that she saves."""
    phone.visit(f"#/family/{family}/visit/new")
    phone.page.fill("#note", f"Snakket om {birds.word} hjemme.")
    phone.page.fill("#need", f"De vil lære om {birds.word}.")
    phone.page.fill("#wish", birds.word)
    phone.press("Lagre besøket")
    expect(phone.page).to_have_url(re.compile("#/today$"))


def noted(phone: Phone, family: str, birds: Birds) -> None:
    """A note that she signs."""
    phone.visit(f"#/family/{family}/note")
    phone.page.fill("#text", birds.word)
    phone.press("Signer og lagre")
    expect(phone.page).to_have_url(re.compile(f"#/family/{family}$"))


def searched(phone: Phone, birds: Birds) -> None:
    """What she looks for."""
    phone.search()
    phone.page.fill("#typed", birds.word)
    expect(phone.page.locator(".ff-empty")).to_be_visible()


def begun(phone: Phone, hash_: str, **words: str) -> None:
    """A form that she fills in and never saves."""
    phone.visit(hash_)
    for field, typed in words.items():
        phone.page.fill(f"#{field}", typed)
    phone.page.wait_for_timeout(700)  # the pause after which a draft is written


def half_written(phone: Phone, families: list[str], birds: Birds) -> None:
    """Everything that she began and never saved; the last form is left open."""
    begun(phone, "#/note", who=birds.word, text=birds.word)
    begun(phone, f"#/family/{families[0]}/need", words=birds.word, wish=birds.word)
    begun(phone, f"#/family/{families[0]}/birth", **{"child0-name": birds.word})
    begun(phone, "#/new", oneName=birds.word, onePhone=birds.phone, lines=birds.word)
    begun(phone, "#/new", directions=birds.word)
    searched(phone, birds)
    visit = {"note": birds.word, "need": birds.word}
    begun(phone, f"#/family/{families[1]}/visit/new", **visit)


def secrets(stolen: Stolen, birds: Birds) -> dict[str, list[str | bytes]]:
    """All that must not be found."""
    code, password = stolen.phone.code, stolen.phone.visitor.served.passwords[NURSE]
    grouped = "-".join(code[at : at + 4] for at in (0, 4, 8))
    opening = {"code": [code, grouped], "password": [password], "token": [*stolen.tokens]}
    return {"canary": birds.told, **opening, **stolen.keys}


def is_sent(phone: Phone) -> None:
    """All is with the server; another test may have left her something to decide."""
    expect(phone.state).to_contain_text(re.compile("Alt er sendt|avgjøre"), timeout=30_000)


def is_locked(phone: Phone) -> None:
    """The app has locked itself."""
    expect(phone.heading).to_have_text("Appen er låst")


def is_hidden(phone: Phone) -> None:
    """She puts the phone away for longer than the app bears."""
    phone.page.evaluate(
        """() => {
          const hidden = { get: () => "hidden", configurable: true };
          Object.defineProperty(document, "visibilityState", hidden);
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    phone.page.clock.fast_forward(HIDDEN_MS)
    is_locked(phone)
    phone.page.evaluate(
        """() => {
          delete document.visibilityState;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )


def finds(stolen: Stolen, birds: Birds) -> dict[str, list[str]]:
    """What the thief finds, wherever the browser has put it by now."""
    told = found_in(stolen.profile, secrets(stolen, birds))
    sessions = stolen.profile / "Default" / "Sessions"
    return told | found_in(sessions, {"field of a form": ["radio", "checkbox", "select-one"]})


def test_a_thief_finds_nothing_after_lock_kill_and_expiry(stolen, served):
    birds = Birds(1)
    families = plant(served, birds)
    phone = stolen.phone
    phone.begin(NURSE)
    is_sent(phone)
    for family in families[:2]:
        visited(phone, family, birds)
    noted(phone, families[2], birds)
    is_sent(phone)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.context.set_offline(True)
    visited(phone, families[3], birds)
    noted(phone, families[4], birds)
    half_written(phone, families, birds)
    while len(birds.told) < CANARIES:
        searched(phone, birds)

    phone.press("Lås")
    is_locked(phone)
    phone.page.wait_for_timeout(RESTORE_MS)
    assert finds(stolen, birds) == {}
    # The search finds what does lie there: which families they are.
    assert found_in(stolen.profile, {"id": [families[0]]})
    opens(phone)
    phone.page.clock.fast_forward(IDLE_MS)
    is_locked(phone)
    opens(phone)
    is_hidden(phone)
    assert finds(stolen, birds) == {}

    opens(phone)
    half_written(phone, families, birds)
    phone.page.locator("label.ff-chip", has_text="Søvn").click()
    phone.page.wait_for_timeout(RESTORE_MS)
    kill(stolen.profile)
    assert finds(stolen, birds) == {}

    phone = stolen.dies()
    opens(phone)
    phone.page.clock.fast_forward(LEASE_MS)
    is_locked(phone)
    opens(phone)
    expect(phone.heading).to_have_text(CLOSED)
    begun(phone, "#/note", who=birds.word, text=birds.word)
    phone.page.wait_for_timeout(RESTORE_MS)
    assert finds(stolen, birds) == {}
    phone.page.context.close()
    assert finds(stolen, birds) == {}
    assert told(stolen.said, birds, stolen) == []


def told(said: list[str], birds: Birds, stolen: Stolen) -> list[str]:
    """What of it the app said to the console."""
    words = [one for some in secrets(stolen, birds).values() for one in some]
    return [line for line in said if any(isinstance(one, str) and one in line for one in words)]


DEVICE = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("nyefamilier-felt");
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const meta = asked.result.transaction("meta").objectStore("meta").get("standing");
    meta.onsuccess = () => { asked.result.close(); resolve(meta.result.value.deviceId); };
  };
})"""


def revoked(phone: Phone, lead: Visitor) -> None:
    """Her lead has the phone erased, on the page for it."""
    lead.goto(f"/phones/{phone.page.evaluate(DEVICE)}")
    lead.page.check("[name=stop][value=wipe]")
    lead.submit()


def kept(phone: Phone) -> dict[str, object]:
    """What the app can still be asked for: databases, what was kept in the clear, caches."""
    return phone.page.evaluate(
        """async () => ({
          databases: (await indexedDB.databases()).map((one) => one.name),
          local: Object.keys(localStorage), session: Object.keys(sessionStorage),
          caches: (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map((asked) => new URL(asked.url).pathname)
          ))).flat().filter((path) => path.startsWith("/api/")),
        })"""
    )


OURS = (
    "Default/IndexedDB",
    "Default/Local Storage",
    "Default/Service Worker",
    "Default/Session Storage",
)


def places(stolen: Stolen, families: list[str]) -> set[str]:
    """Where a family's id still is."""
    found = found_in(stolen.profile, {"id": families})
    return {place for some in found.values() for place in some}


def test_after_a_revoke_nothing_of_the_apps_data_is_left(stolen, served, arrives):
    birds = Birds(2)
    families = plant(served, birds)
    phone = stolen.phone
    phone.begin(NURSE)
    is_sent(phone)
    phone.page.context.set_offline(True)
    visited(phone, families[0], birds)
    noted(phone, families[1], birds)
    half_written(phone, families, birds)
    revoked(phone, arrives("alna.leder"))
    phone.page.context.set_offline(False)
    expect(phone.heading).to_have_text("Denne telefonen er slettet", timeout=30_000)
    # What she had saved and not sent is with the server, for a person to decide.
    clinic = Clinic(served, NURSE)
    held = clinic.get("/sync/reviews")["items"]
    clinic.close()
    ours = {one["family_id"] for one in held if one["reason"] == "device-wipe"}
    assert ours >= {*families[:2]}
    assert kept(phone) == {"databases": [], "local": [], "session": [], "caches": []}
    phone.page.context.close()
    assert finds(stolen, birds) == {}
    # What the browser writes by itself has addresses; what the app wrote is gone, sealed or not.
    assert [place for place in places(stolen, families) if place.startswith(OURS)] == []


FAMILIES_HERE = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("nyefamilier-felt");
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("row").objectStore("row").getAllKeys();
    rows.onsuccess = () => resolve(rows.result.map(([family]) => family));
    asked.result.close();
  };
})"""


def test_a_family_whose_address_becomes_protected_leaves_the_phone(stolen, served):
    birds = Birds(4)
    family, *_ = plant(served, birds)
    phone = stolen.phone
    phone.begin(NURSE)
    is_sent(phone)
    assert family in phone.page.evaluate(FAMILIES_HERE)
    clinic = Clinic(served, NURSE)
    clinic.protect(family)
    clinic.close()
    phone.page.reload()
    opens(phone)  # a round begins by itself
    left = f"async (id) => !(await ({FAMILIES_HERE})()).includes(id)"
    phone.page.wait_for_function(f"id => ({left})(id)", arg=family)
    assert finds(stolen, birds) == {}


PLANTED = """async (given) => {
  Object.assign(localStorage, given.texts);
  const asked = indexedDB.open("planted", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
  const opened = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const tx = opened.transaction("kept", "readwrite", { durability: "strict" });
  // What repeats is packed; the word comes in letters that stood before.
  const begins = given.packed.slice(0, 12);
  tx.objectStore("kept").put(`${begins}|${given.packed}|${"x".repeat(200000)}`, 1);
  await new Promise((resolve) => { tx.oncomplete = resolve; });
}"""


def test_the_search_finds_each_form_of_a_word_and_one_that_is_packed(playwright, served, tmp_path):
    birds = Birds(3)
    texts = {form: written(birds.word, form) for form in FORMS}
    packed = birds.word
    assert found_in(tmp_path, {"canary": birds.told}) == {}
    context = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=ensure_chromium(), args=FLAGS
    )
    page = context.new_page()
    page.goto(f"{served.address}/felt/")
    page.evaluate(PLANTED, {"texts": texts, "packed": packed})
    context.close()
    found = found_in(tmp_path, {"canary": birds.told})
    assert len(found) == len(FORMS) + 1
    assert {place.split(" ", 1)[1] for place in found[f"canary: {packed!r}"]} == {
        "packed by Blink as latin-1"
    }


FORMS = ("latin-1", "utf-16", "hex", "HEX", "base64", "base64url")


def written(word: str, form: str) -> str:
    """A word as a programme may have written it."""
    plain = word.encode()
    match form:
        case "latin-1":
            return word
        case "utf-16":
            return f"{word} \u263a"
        case "hex":
            return plain.hex()
        case "HEX":
            return plain.hex().upper()
        case "base64":
            return b64encode(b"x" + plain + b"xx").decode()
        case _:
            return urlsafe_b64encode(b"xx" + plain + b"xx").decode()
