# ruff: noqa: E501 - the scripts in here are JavaScript
"""The field app's engine against the programme as it is served: nothing lost, nothing twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Playwright

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.fieldapp.test_store import kill

NURSE = "grunerlokka3"
PARTS = """
  const { openStore } = await import("/felt/src/store/store.js");
  const { Client } = await import("/felt/src/client/client.js");
  const { Unreachable, byFetch } = await import("/felt/src/client/transport.js");
  const { newSecret } = await import("/felt/src/vault/unlocking.js");
  const { b64url, fromB64url, fromUtf8 } = await import("/felt/src/wire/bytes.js");
  const { newId } = await import("/felt/src/wire/ids.js");
  // Whether the network is there; what it loses; and every answer to a pull, as it came.
  const net = { away: false, loses: null, resets: 0 };
  const transport = async (method, path, headers, body) => {
    if (net.away) throw new Unreachable("no-connection");
    const got = await byFetch(method, path, headers, body);
    if (path.endsWith("/pull") && got.status === 200) net.resets += (JSON.parse(fromUtf8(got.body)).reset ?? []).length;
    if (net.loses && path.includes(net.loses)) { net.loses = null; throw new Unreachable("no-connection"); }
    return got;
  };
  const kept = (key, value) => value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
  const phoneOf = async () => new Client({ store: await openStore("engine"), transport });
  const enrolled = async () => {
    const phone = await phoneOf();
    await phone.signIn(given.username, given.password);
    const secret = newSecret();
    // A test's own; the app never writes the half down.
    kept("secret", b64url(secret));
    await phone.enrol({ deviceId: newId(), secret, ways: [], name: "Prøvetelefon" });
    return phone;
  };
  const again = async () => { const phone = await phoneOf(); await phone.begin(); await phone.unlock(fromB64url(given.secret ?? kept("secret"))); return phone; };
  const mother = async (phone) => (await phone.ofKind("member")).filter((one) => one.body.role === "mor").toSorted((a, b) => a.family < b.family ? -1 : 1)[given.place ?? 0];
  const note = async (phone, text) => {
    const { family, id } = await mother(phone), note_id = newId();
    const saved = await phone.save("note.write", family, [{ op: "note.write", note_id, member_id: id, text }]);
    return { ...saved, family, note_id };
  };
  const round = async (phone) => {
    let report = await phone.round({ asked: true });
    for (let tries = 0; report.stopped === "quiet" && tries < 5; tries += 1) {
      await new Promise((go) => setTimeout(go, report.wait * 1000 + 50));
      report = await phone.round({ asked: true });
    }
    return { ...report, purged: [...report.purged] };
  };
"""


@pytest.fixture
def on_phone(arrives, served):
    """Runs a script in a browser of its own, on the app's own pages."""

    def arrive():
        page = arrives().page
        page.goto(f"{served.address}/felt/")
        return page

    def run(page: Page, script: str, **given: object):
        told = {"username": NURSE, "password": served.passwords[NURSE], **given}
        return page.evaluate(f"async (given) => {{ {PARTS} {script} }}", told)

    run.arrive = arrive
    return run


def test_a_day_without_a_network_between_two_rounds(on_phone):
    told = on_phone(
        on_phone.arrive(),
        """const phone = await enrolled();
        const first = await round(phone);
        net.away = true;
        const saved = [await note(phone, "Vekt 3480 g."), await note(phone, "Sov godt.")];
        const away = await round(phone);
        const standing = (await phone.family(saved[0].family)).pending.map((one) => one.standing);
        net.away = false;
        const second = await round(phone);
        const third = await round(phone);
        const family = await phone.family(saved[0].family);
        const notes = saved.map(({ note_id }) => family.records.get(`note:${note_id}`));
        return { families: (await phone.families()).length, first: [first.stopped, first.received.length, first.alarms], away: [away.stopped, away.unsent], standing,
          verdicts: second.verdicts.map((one) => one.status), unsent: second.unsent, third: [third.received, third.verdicts, third.requests], pending: family.pending.length,
          texts: notes.map((one) => one.body.text), revs: notes.every((one) => one.rev !== null), resets: net.resets, alarms: second.alarms };""",
    )
    assert told["families"] == told["first"][1] > 5
    assert (told["first"][0], told["first"][2]) == (None, [])
    assert (told["away"], told["standing"]) == (["no-connection", 2], ["unsent", "unsent"])
    assert (told["verdicts"], told["unsent"]) == (["applied", "applied"], 0)
    assert (told["third"], told["pending"]) == ([[], [], 1], 0)
    assert (told["texts"], told["revs"]) == (["Vekt 3480 g.", "Sov godt."], True)
    # What lies on the phone is what the server says that it is, chain and rows.
    assert (told["resets"], told["alarms"]) == (0, [])


def test_an_answer_that_is_lost_after_the_commit_makes_nothing_twice(on_phone):
    told = on_phone(
        on_phone.arrive(),
        """const phone = await enrolled();
        await round(phone);
        const saved = await note(phone, "Once.");
        net.loses = "/push";
        const lost = await round(phone);
        const after = await round(phone);
        const family = await phone.family(saved.family);
        const same = family.ofKind("note").filter((one) => one.body.text === "Once.").length;
        return [lost.stopped, lost.unsent, after.verdicts.map((one) => one.status), after.unsent, same, net.resets];""",
        place=1,
    )
    assert told == ["no-connection", 1, ["applied"], 0, 1, 0]


def test_a_phone_that_dies_between_saving_and_sending_loses_nothing(
    playwright: Playwright, served, on_phone, tmp_path
):
    def starts() -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=ensure_chromium(), args=FLAGS
        )
        page = context.new_page()
        page.goto(f"{served.address}/felt/")
        return page

    page = starts()
    saved = on_phone(
        page,
        """const phone = await enrolled();
        await round(phone);
        // The other way of dying: in the midst of a round.
        void phone.round({ asked: true });
        return { ...(await note(phone, "Before the battery died.")), secret: kept("secret") };""",
        place=2,
    )
    kill(tmp_path / "profile")
    page = starts()
    told = on_phone(
        page,
        """const phone = await again();
        const before = await phone.unsent();
        const report = await round(phone);
        const family = await phone.family(given.saved.family);
        return [before.count + report.verdicts.length > 0, report.unsent, report.alarms, family.records.get(`note:${given.saved.note_id}`).body.text, net.resets];""",
        saved=saved,
        secret=saved["secret"],
    )
    page.context.close()
    assert told == [True, 0, [], "Before the battery died.", 0]


def test_two_phones_on_one_family_come_to_the_same_with_a_conflict_to_decide(on_phone):
    one, two = on_phone.arrive(), on_phone.arrive()
    for page in (one, two):
        on_phone(page, "const phone = await enrolled(); await round(phone); phone.store.close();")
    update = """const phone = await again(); await round(phone);
        const { family, id } = await mother(phone);
        net.away = true;
        await phone.save("member.update", family, [{ op: "member.update", member_id: id, phone: given.phone }]);
        phone.store.close();"""
    on_phone(one, update, place=3, phone="40000001")
    on_phone(two, update, place=3, phone="40000002")
    send = """const phone = await again();
        const report = await round(phone);
        phone.store.close();
        return report.verdicts.map((one) => one.status);"""
    assert on_phone(one, send) == ["applied"]
    assert on_phone(two, send) == ["conflict"]
    look = """const phone = await again(); const report = await round(phone);
        const { family } = await mother(phone), shown = await phone.family(family);
        const all = Array.from(shown.records.values(), ({ kind, id, rev, body }) => [kind, id, rev, body]).toSorted((a, b) => a[1] < b[1] ? -1 : 1);
        const open = shown.ofKind("inbox").filter((one) => one.body.reason === "changed-since" && !one.body.decided_at).length;
        phone.store.close();
        return { all, open, resets: net.resets, stopped: report.stopped, phones: shown.ofKind("member").map((one) => one.body.phone) };"""
    first, second = (on_phone(page, look, place=3) for page in (one, two))
    assert first["all"] == second["all"]
    assert (first["open"], first["resets"], second["resets"]) == (1, 0, 0)
    assert "40000001" in first["phones"]
