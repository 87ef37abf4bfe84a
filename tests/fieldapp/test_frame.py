"""The frame's own small parts: addresses, the lock's clock, waiting after wrong codes."""

import pytest
from playwright.sync_api import expect

MATCH = """async (hash) => {
  const { match } = await import("/felt/src/screens/routing.js");
  const routes = [
    { path: "/today", screen: "today" },
    { path: "/family/:family/visit/new", screen: "new" },
    { path: "/family/:family/visit/:visit", screen: "visit" },
  ];
  const found = match(routes, hash);
  return found && [found.screen, found.params];
}"""
WATCH = """async (story) => {
  const { Watch } = await import("/felt/src/screens/locking.js");
  let now = 0, locked = 0, kept = 0;
  const keep = async () => { kept += 1; };
  const watch = new Watch({ clock: () => now, keep, lock: () => { locked += 1; } });
  for (const [what, seconds] of story) {
    now += seconds * 1000;
    if (what === "touch") watch.touch();
    if (what === "look") watch.look();
    if (what === "hide") watch.seen(false);
    if (what === "show") watch.seen(true);
  }
  return { locked: locked > 0, kept };
}"""
WAIT = """async (tries) => {
  const { patienceIn } = await import("/felt/src/screens/patience.js");
  const kept = new Map();
  const place = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  let now = 20_000_000;
  const patience = patienceIn(() => now, place);
  const waits = [];
  for (let i = 0; i < tries; i += 1) { patience.failed(); waits.push(patience.left() / 1000); }
  now -= 10_000_000;
  waits.push(patience.left() / 1000);
  patience.forget();
  return [...waits, patience.left()];
}"""


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("#/today", ["today", {}]),
        ("#/family/f1/visit/new", ["new", {"family": "f1"}]),
        ("#/family/f1/visit/v%201", ["visit", {"family": "f1", "visit": "v 1"}]),
        ("#/family/f1/visit/%E0", ["visit", {"family": "f1", "visit": "%E0"}]),
        ("#/family/f1", None),
        ("#/nowhere", None),
        ("", None),
    ],
)
def test_an_address_names_a_screen(module_page, address, found):
    assert module_page(MATCH, address) == found


@pytest.mark.parametrize(
    ("story", "locked"),
    [
        ([["touch", 100], ["touch", 299], ["look", 299]], False),
        ([["touch", 100], ["look", 300]], True),
        ([["touch", 300]], True),  # the first touch after a long sleep finds it locked
        ([["hide", 10], ["look", 29]], False),
        ([["hide", 10], ["show", 29], ["look", 29]], False),
        ([["hide", 10], ["show", 30]], True),  # no timer ran while the phone slept
        ([["touch", 10], ["look", -5]], True),  # a clock that was set back makes no time longer
    ],
)
def test_it_locks_after_five_minutes_and_half_a_minute_out_of_sight(module_page, story, locked):
    assert module_page(WATCH, story)["locked"] is locked


def test_drafts_are_written_as_soon_as_it_is_out_of_sight(module_page):
    assert module_page(WATCH, [["hide", 1]])["kept"] == 1


def test_each_wrong_code_waits_longer_and_no_clock_makes_it_forever(module_page):
    assert module_page(WAIT, 8) == [0, 0, 5, 15, 30, 60, 300, 300, 300, 0]


def test_a_tab_whose_store_was_taken_away_begins_anew_when_it_is_asked_to(module_page):
    page = module_page.page
    page.goto(page.url.replace("/blank", "/felt/"))
    expect(page.locator("h1")).to_have_text("Velkommen")
    page.evaluate("""new Promise((resolve) => {
      indexedDB.deleteDatabase("nyefamilier-felt").onsuccess = () => resolve();
    })""")
    expect(page.locator("h1")).to_have_text("Appen er åpen i en annen fane")
    with page.expect_event("load"):
        page.get_by_role("button", name="Bruk den her i stedet").click()
    expect(page.locator("h1")).to_have_text("Velkommen")
