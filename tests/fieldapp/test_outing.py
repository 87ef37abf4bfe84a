"""Out alone: what the phone tells a nurse's base, and that it is told until the base has it."""

import pytest

ID = "0199f0c1-9a10-7c55-8f3e-0000000000c1"
STORY = """async (story) => {
  const outing = await import("/felt/src/shown/outing.js");
  let now = 1_000_000_000_000, one = outing.checkedIn(story.id, now, story.minutes, null);
  for (const [what, seconds, given] of story.then) {
    now += seconds * 1000;
    if (what === "stay") one = outing.stayed(one, now, given);
    if (what === "out") one = outing.checkedOut(one, now);
    if (what === "heard") one = outing.heard(one, given);
  }
  return { body: outing.body(one, now), toTell: outing.isToTell(one), over: outing.isOver(one) };
}"""
TELL = """async ([id, fails]) => {
  const { Outings } = await import("/felt/src/screens/outings.js");
  const { checkedIn, checkedOut } = await import("/felt/src/shown/outing.js");
  const kept = new Map(), told = [];
  const drafts = {
    read: async (key) => kept.get(key),
    write: async (key, value) => { kept.set(key, value); },
    forget: async (key) => { kept.delete(key); },
  };
  const client = { tell: async (method, path, body) => {
    if (fails > 0) { fails -= 1; throw new Error("no network"); }
    told.push([method, path, body.step]);
  }, look: async () => ({ items: [] }) };
  const outings = new Outings(client, drafts, () => new Date());
  await outings.keep(checkedIn(id, Date.now(), 60, null));
  await outings.tell().catch(() => {});
  await outings.keep(checkedOut(outings.now, Date.now()));
  const again = new Outings(client, drafts, () => new Date());
  await again.load();
  await again.tell().catch(() => {});
  await again.tell().catch(() => {});
  return { told, left: [...kept.keys()], now: again.now };
}"""


def story(module_page, *then, minutes=60):
    return module_page(STORY, {"id": ID, "minutes": minutes, "then": [list(one) for one in then]})


def test_it_tells_how_long_ago_and_never_when(module_page):
    told = story(module_page, ("look", 125))
    assert told["body"] == {
        "step": 1,
        "began_seconds_ago": 125,
        "minutes": 60,
        "ended_seconds_ago": None,
        "family_id": None,
    }
    assert told["toTell"]


def test_staying_longer_is_counted_from_now(module_page):
    body = story(module_page, ("stay", 3000, 30))["body"]
    assert (body["step"], body["minutes"]) == (2, 80)


def test_a_clock_that_was_set_back_tells_nothing_below_nought(module_page):
    body = story(module_page, ("stay", -9000, 15), ("out", -10))["body"]
    assert body["began_seconds_ago"] == body["ended_seconds_ago"] == 0
    assert body["minutes"] == 15


def test_a_clock_a_year_ahead_tells_a_week(module_page):
    assert story(module_page, ("look", 31_536_000))["body"]["began_seconds_ago"] == 604_800


@pytest.mark.parametrize(("minutes", "told"), [(1, 5), (60, 60), (9999, 720)])
def test_no_outing_is_shorter_or_longer_than_the_server_takes(module_page, minutes, told):
    assert story(module_page, minutes=minutes)["body"]["minutes"] == told


def test_it_is_told_until_the_base_has_the_last_of_it(module_page):
    assert story(module_page, ("heard", 1, 1))["toTell"]  # she is out: that she is heard from
    assert story(module_page, ("heard", 1, 1), ("out", 1))["toTell"]
    over = story(module_page, ("out", 1), ("heard", 1, 2))
    assert (over["toTell"], over["over"]) == (False, True)


@pytest.mark.parametrize(
    ("fails", "steps"),
    [(0, [1, 2]), (1, [2]), (2, [2])],
)
def test_a_lost_network_and_a_restart_lose_no_check_out(module_page, fails, steps):
    done = module_page(TELL, [ID, fails])
    assert done["told"] == [["PUT", f"/api/v1/safety/outings/{ID}", step] for step in steps]
    assert (done["left"], done["now"]) == ([], None)


TWO = """async ([first, second]) => {
  const { Outings } = await import("/felt/src/screens/outings.js");
  const { checkedIn, checkedOut } = await import("/felt/src/shown/outing.js");
  const kept = new Map(), told = [];
  const soon = () => new Promise((resolve) => setTimeout(resolve));
  const drafts = {
    read: async (key) => kept.get(key),
    write: async (key, value) => { await soon(); kept.set(key, structuredClone(value)); },
    forget: async (key) => { kept.delete(key); },
  };
  let online = false, refused = null, base = [], asked = 0;
  const client = { tell: async (method, path, body) => {
    if (!online) throw new Error("no network");
    if (path.endsWith(refused)) throw Object.assign(new Error("no"), { isForLater: false });
    told.push([path.slice(-1), body.step, body.ended_seconds_ago !== null]);
    await soon();
    return base.find((one) => path.endsWith(one.id)) ?? {};
  }, look: async () => {
    asked += 1;
    const items = base;
    for (let turns = 0; turns < 9; turns += 1) await soon();
    return { items };
  } };
  const outings = new Outings(client, drafts, () => new Date());
  STORY
}"""
IDS = ["0199f0c1-9a10-7c55-8f3e-0000000000c1", "0199f0c1-9a10-7c55-8f3e-0000000000c2"]


def two(module_page, story):
    return module_page(TWO.replace("STORY", story), IDS)


def test_the_next_check_in_loses_no_check_out_that_is_not_told_yet(module_page):
    done = two(
        module_page,
        """await outings.keep(checkedIn(first, 0, 60, null));
        await outings.tell().catch(() => {});
        await outings.keep(checkedOut(outings.now, 1000));
        const waited = outings.waits;
        await outings.keep(checkedIn(second, 2000, 60, null));
        const again = new Outings(client, drafts, () => new Date());
        await again.load();
        online = true;
        await again.tell();
        return { told, waited, waits: again.waits, now: again.now.id };""",
    )
    assert done["told"] == [["1", 2, True], ["2", 1, False]]
    assert (done["waited"], done["waits"], done["now"]) == (True, False, IDS[1])


def test_a_check_out_while_a_round_ends_is_not_written_over(module_page):
    done = two(
        module_page,
        """await outings.keep(checkedIn(first, 0, 60, null));
        online = true;
        const telling = outings.tell();
        await Promise.all([telling, outings.keep(checkedOut(outings.now, 1000))]);
        const left = kept.get("outings").map((one) => [one.step, one.told, one.ended]);
        await outings.tell();
        return { told, left, after: kept.size };""",
    )
    assert done["left"] == [[2, 1, 1000]]
    assert (done["told"][-1], done["after"]) == (["1", 2, True], 0)


def test_what_the_server_will_not_have_stops_no_other(module_page):
    done = two(
        module_page,
        """await outings.keep(checkedOut(checkedIn(first, 0, 60, null), 1000));
        await outings.keep(checkedIn(second, 2000, 60, null));
        online = true;
        refused = first;
        const all = await outings.tell();
        return { told, waits: outings.waits, all };""",
    )
    assert done == {"told": [["2", 1, False]], "waits": True, "all": False}


def test_it_can_be_read_when_the_lease_is_over(module_page):
    assert module_page(
        """async () => {
          const { openStore } = await import("/felt/src/store/store.js");
          const { Drafts } = await import("/felt/src/client/drafts.js");
          const store = await openStore("outings");
          const secret = crypto.getRandomValues(new Uint8Array(32));
          await store.unlock("0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55", secret);
          store.sealer = await store.sealerOf(
            "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55", new Uint8Array(32));
          const drafts = new Drafts(store);
          await drafts.write("outings", [1], { outlivesLease: true });
          await drafts.write("note", [2]);
          store.sealer = null;
          const read = [await drafts.read("outings"), await drafts.read("note")];
          store.close();
          return read;
        }"""
    ) == [[1], None]


AT_BASE = """
  const from = Date.UTC(2026, 10, 23, 9);
  const at = (minutes) => new Date(from + minutes * 60_000).toISOString();
  const times = { began_at: at(0), expected_at: at(90), ended_at: null };
  const known = (id, more) => ({ id, state: "out", step: 2, ...times, ...more });
  online = true;
"""


def test_an_outing_that_only_the_base_knows_is_shown_and_can_be_ended(module_page):
    done = two(
        module_page,
        AT_BASE
        + """
        const over = { state: "back", ended_at: at(30) };
        base = [known(first, { state: "overdue" }), known(second, over)];
        await outings.tell();
        const now = outings.now;
        await outings.tell();
        await outings.keep(checkedOut(now, from));
        await outings.tell();
        const shown = [now.id, now.step, now.told, now.began - from, now.minutes];
        return { now: shown, asked, told: told.at(-1), left: kept.size };""",
    )
    assert done["now"] == [IDS[0], 2, 2, 0, 90]
    # Once after she opened the app is enough; the rest is told.
    assert (done["asked"], done["told"], done["left"]) == (1, ["1", 3, True], 0)


def test_an_outing_that_was_ended_on_another_phone_is_over_here_too(module_page):
    done = two(
        module_page,
        AT_BASE
        + """await outings.keep(checkedIn(first, from, 60, null));
        await outings.tell();
        base = [known(first, { state: "back", ended_at: at(30) })];
        await outings.tell();
        return [outings.now, kept.size];""",
    )
    assert done == [None, 0]


def test_what_the_base_said_before_she_checked_out_brings_nothing_back(module_page):
    done = two(
        module_page,
        AT_BASE
        + """await outings.keep(checkedIn(first, from, 60, null));
        await outings.tell();
        base = [known(first)];
        const late = outings.learn();
        await outings.keep(checkedOut(outings.now, from));
        await outings.tell();
        await late;
        return [outings.now, kept.size];""",
    )
    assert done == [None, 0]
