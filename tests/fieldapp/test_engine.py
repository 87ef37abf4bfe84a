# ruff: noqa: E501 - the scripts in here are JavaScript
"""The engine of the field app against a scripted server: one test for each row of docs/client.md."""

import json
from base64 import urlsafe_b64decode
from uuid import UUID

import pytest

from nyefamilier.vault.escrow import open_escrowed
from tests.fieldapp.phones import run


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("() => { throw new Unreachable('no-connection'); }", "no-connection"),
        ("async (_, own) => ({ raw: { ...await answer(200, own()), body: utf8('{\"epo') } })",
         "answer-damaged"),
        ("async (_, own) => ({ raw: { ...await answer(200, own()), body: utf8('{}') } })",
         "answer-damaged"),
        ("() => ({ raw: { status: 200, body: utf8('<html>Hotell'), headers: { 'content-type': 'text/html' } } })", "answer-not-ours"),
        ("() => ({ raw: { status: 0, body: new Uint8Array(0), headers: {} } })", "answer-not-ours"),
        ("() => ({ body: { results: [] } })", "answer-damaged"),
    ],
)  # fmt: skip
def test_what_is_no_answer_counts_as_none_and_the_same_is_sent_again(module_page, what, why):
    told = run(
        module_page,
        f"""const server = new Server(), phone = await start(server);
        const saved = await note(phone);
        server.answers("/push", {what});
        const first = await phone.round();
        const second = await phone.round();
        const third = await phone.round({{ asked: true }});
        const pushes = server.asked.filter((one) => one.path === "/push").map((one) => one.bytes);
        return {{ first: first.stopped, unsent: first.unsent, second: second.stopped,
          third: third.verdicts.map((one) => one.id), saved: saved.id, pushes: pushes.length,
          same: JSON.parse(fromUtf8(pushes[0])).mutations[0].id, left: third.unsent }};""",
    )
    assert (told["first"], told["unsent"], told["second"]) == (why, 1, "quiet")
    assert told["third"] == [told["saved"]] == [told["same"]]
    assert (told["pushes"], told["left"]) == (2, 0)


def test_an_answer_that_was_lost_after_the_server_took_it_in_makes_nothing_twice(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", (_, own) => { own(); throw new Unreachable("no-connection"); });
        await phone.round();
        const again = await phone.round({ asked: true });
        return [server.byId.size, again.verdicts.length, again.unsent];""",
    )
    assert told == [1, 1, 0]


def test_what_is_pushed_is_what_was_sealed_to_escrow(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const saved = await note(phone, "Vekt 3480 g. æøå");
        const [row] = await outbox(phone);
        await phone.round();
        const { bytes } = server.asked.find((one) => one.path === "/push");
        return { id: saved.id, escrow: b64url(row.escrow), privateKey, pushed: fromUtf8(bytes) };""",
    )
    opened = open_escrowed(_bytes(told["privateKey"]), UUID(told["id"]), _bytes(told["escrow"]))
    assert f'"mutations":[{opened.decode()}]' in told["pushed"]
    assert json.loads(opened)["id"] == told["id"]


def test_nobody_signed_in_is_asked_by_the_devices_own_signature(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/token", refused(401, "not-signed-in"));
        server.answers("/push", refused(401, "not-signed-in"));
        const report = await phone.round();
        const last = server.asked.at(-1);
        return [report.stopped, report.unsent, phone.state(), last.path, last.told.mutations.length,
          "Sync-Signature" in last.headers];""",
    )
    assert told == ["not-signed-in", 1, "open", "/escrow", 0, True]


def test_a_token_that_is_over_is_carried_on_by_the_phones_key_and_the_round_goes_on(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", refused(401, "not-signed-in"));
        const report = await phone.round();
        const carried = server.asked.find((one) => one.path === "/token");
        const pushes = server.asked.filter((one) => one.path === "/push");
        phone.lock();
        const again = await restarted(server);
        await note(again);
        await again.round();
        const last = server.asked.findLast((one) => one.path === "/push");
        return [report.stopped, report.unsent, "Authorization" in carried.headers,
          pushes[0].headers.Authorization !== pushes[1].headers.Authorization,
          last.headers.Authorization === pushes[1].headers.Authorization];""",
    )
    assert told == [None, 0, False, True, True]


@pytest.mark.parametrize(
    "what",
    [
        "() => { throw new Unreachable('no-connection'); }",
        "refused(404, 'not-found')",
        "refused(403, 'lease-lapsed')",
        "({ raw: { status: 404, body: utf8('<html>'), headers: { 'content-type': 'text/html' } } })",
    ],
)
def test_a_token_that_is_nearly_over_is_carried_on_and_its_absence_hurts_nothing(module_page, what):
    told = run(
        module_page,
        f"""const server = new Server(); server.tokenFor = 60e3;
        const phone = await start(server);
        await note(phone);
        server.answers("/token", {what});
        const first = await phone.round();
        const second = await phone.round({{ asked: true }});
        const asked = server.asked.filter((one) => one.path === "/token").map((one) => one.told.next_digest);
        return [first.stopped === "no-connection" || first.unsent === 0, second.unsent, asked.length,
          new Set(asked).size];""",
    )
    assert told == [True, 0, 2, 1]


def test_a_locked_phone_hands_over_its_copies_and_forgets_its_key(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone, "first"); await phone.round();
        await note(phone, "second");
        server.state = "lock";
        server.answers("/push", refused(403, "device-locked"));
        const report = await phone.round();
        const one = [report.stopped, phone.state(), server.escrow.map((row) => row.seq), (await outbox(phone)).length];
        const saved = await note(phone, "third");
        const third = (await outbox(phone)).at(-1).raw;
        await phone.round({ asked: true });
        server.state = "active";
        const back = await phone.round({ asked: true });
        return [...one, third, server.escrow.map((row) => row.seq), phone.state(), back.stopped];""",
    )
    assert told[:4] == ["device-locked", "stopped", [1, 2], 2]
    # What the server does not name, back in use, is brought once more.
    assert told[4:] == [None, [1, 2, 3, 3], "open", None]


def test_a_wipe_hands_over_first_and_deletes_when_the_server_has_said_so(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone, "first"); await phone.round();
        await note(phone, "second");
        await new Drafts(phone.store).write("x", { text: "unsaved" });
        server.answers("/push", refused(403, "device-wipe"));
        server.state = "wipe";
        server.answers("/wipe-receipt", () => { throw new Unreachable("no-connection"); });
        const first = await phone.round();
        const between = [first.erased, (await outbox(phone)).every((row) => row.raw === null),
          (await journal(phone)).length, (await new Drafts(phone.store).all()).length];
        const second = await phone.round({ asked: true });
        const names = (await indexedDB.databases()).map((one) => one.name);
        return [...between, second.erased, phone.state(), server.receipts[0].handed_over.length,
          names.some((one) => one === phone.store.name), server.paths().slice(-1)[0]];""",
    )
    assert told == [False, True, 0, 0, True, "wiped", 2, False, "/wipe-receipt"]


def test_a_server_that_does_not_know_the_phone_gets_everything_from_a_new_one(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const first = await note(phone, "first"); await phone.round();
        const second = await note(phone, "second");
        server.answers("/push", refused(404, "wrong-device"));
        const report = await phone.round();
        const rows = await outbox(phone);
        const after = await phone.round({ asked: true });
        phone.lock();
        const again = await restarted(server);
        return [report.enrolledAnew, server.devices.length, rows.map((row) => row.id).join() === [first.id, second.id].join(),
          after.verdicts.map((one) => [one.seq, one.status]), again.state(), (await again.account()).name];""",
    )
    assert told == [True, 2, True, [[1, "noop"], [2, "applied"]], "open", "Kari"]


def test_a_server_that_knows_no_key_of_the_phone_gets_what_is_only_in_escrow_copies_too(
    module_page,
):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await phone.round();
        const saved = await note(phone, "only a copy");
        await phone.store.durable("damaged", ["outbox"], async (tx) => {
          const row = await tx.objectStore("outbox").get(saved.seq);
          await tx.objectStore("outbox").put({ ...row, raw: null });
        });
        for (const path of ["/escrow", "/escrow", "/token"]) server.answers(path, refused(401, "signature"));
        server.answers("/lease", refused(404, "wrong-device"));
        const report = await phone.round();
        server.answers("/ack", async (_, own) => { server.take(server.escrow[0]); return own(); });
        const after = await phone.round({ asked: true });
        return [report.stopped, report.enrolledAnew, server.devices.length, server.escrow.map((one) => one.id === saved.id), after.unsent];""",
    )
    assert told == ["signature", True, 2, [True], 0]


def test_copies_that_a_restored_server_has_lost_are_brought_again_in_the_same_round(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await phone.round();
        const copy = await note(phone, "only a copy");
        await note(phone, "whole");
        // It was handed over, to a server whose disk was lost since.
        await phone.store.durable("damaged", ["outbox"], async (tx) => {
          const row = await tx.objectStore("outbox").get(copy.seq);
          await tx.objectStore("outbox").put({ ...row, raw: null, escrowed: true });
        });
        server.answers("/ack", (_, own) => own(), async (_, own) => { server.take(server.escrow[0]); return own(); });
        const report = await phone.round();
        return [report.stuck, report.unsent, server.escrow.map((one) => one.id === copy.id), server.byId.size];""",
    )
    assert told == [None, 0, [True], 2]


def test_another_nurses_sign_in_sends_nothing(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.account = FAMILY;
        server.answers("/push", refused(404, "wrong-device"));
        const report = await phone.round();
        const how = await name(phone.signIn("stovner2", "ord"));
        return [report.enrolledAnew, report.unsent, server.devices.length, how];""",
    )
    assert told == [False, 1, 1, "OtherNurse"]


def test_a_gap_is_filled_from_the_journal_and_what_is_lost_is_told_as_lost(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        for (const text of ["1", "2", "3"]) await note(phone, text);
        await phone.round();
        await phone.store.durable("pruned", ["journal"], async (tx) => {
          const [first] = await tx.objectStore("journal").getAllKeys();
          await tx.objectStore("journal").delete(first);
        });
        await note(phone, "4");
        server.lastSeq = 0;
        server.answers("/push", refused(409, "sequence-gap", { expected_seq: 1, last_seq: 0 }));
        const report = await phone.round();
        const sent = server.asked.filter((one) => one.path === "/push").at(-1).told.mutations;
        return [report.alarms, report.broughtBack, sent.map((one) => [one.seq, one.type, one.count ?? null]), report.unsent];""",
    )
    assert told == [
        ["server-regressed 0", "lost-on-phone 1"],
        2,
        [[1, "seq.void", 1], *([n, "note.write", None] for n in (2, 3, 4))],
        0,
    ]


@pytest.mark.parametrize("how", ["seq-reuse", "ack"])
def test_what_the_server_has_under_a_seq_of_ours_makes_a_new_phone_with_the_same_ids(
    module_page, how
):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const saved = await note(phone);
        if (given === "ack") {
          await phone.store.durable("sealed-off", ["outbox"], async (tx) => {
            const row = await tx.objectStore("outbox").get(1);
            await tx.objectStore("outbox").put({ ...row, raw: null });
          });
          server.answers("/ack", () => ({ ...server.stands(), last_seq: 5, results: [] }));
          server.answers("/ack", (_, own) => { server.take({ seq: 1, id: saved.id }); return own(); });
        } else server.answers("/push", refused(409, "seq-reuse"));
        const report = await phone.round();
        return [report.enrolledAnew, report.alarms, server.devices.length, report.verdicts.map((one) => one.id === saved.id), report.unsent];""",
        how,
    )
    assert told == [True, ["seq-reuse"], 2, [True], 0]


@pytest.mark.parametrize("how", ["refusal", "smaller", "epoch", "reset"])
def test_a_server_that_was_restored_gets_back_what_no_backup_has(module_page, how):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        server.durableSeq = 1;
        for (const text of ["1", "2", "3"]) await note(phone, text);
        await phone.round();
        const left = (await journal(phone)).length;
        server.lastSeq = 1; server.byId = new Map();
        const at = (more) => ({ ...server.stands(), results: [], ...more });
        if (given === "refusal") { await note(phone, "4");
          server.answers("/push", refused(409, "server-regressed", { last_seq: 1, durable_seq: 1 })); }
        if (given === "smaller") server.answers("/pull", () => at({ last_seq: 1 }));
        if (given === "epoch") { server.lastSeq = 3; server.epoch = newId(); }
        if (given === "reset") { server.lastSeq = 3; server.answers("/pull", () => at({ reset: [{ family: FAMILY, why: "ahead" }] })); }
        const report = await phone.round();
        return [left, report.broughtBack, [...server.byId.values()].map((one) => one.seq), report.unsent];""",
        how,
    )
    assert told == [2, 2, [2, 3, 4] if how == "refusal" else [2, 3], 0]


@pytest.mark.parametrize(("status", "code"), [(400, "malformed-mutation"), (413, "too-large")])
def test_what_is_refused_alone_goes_to_escrow_and_what_follows_goes_on(module_page, status, code):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const saved = [];
        for (const text of ["1", "2", "bad", "4", "5"]) saved.push((await note(phone, text)).id);
        const judge = (told, own) => told.mutations.some((one) => one.id === saved[2]) ? refused(given[0], given[1]) : own();
        for (let times = 0; times < 20; times += 1) server.answers("/push", judge);
        server.answers("/ack", (_, own) => { server.take({ seq: 3, id: saved[2] }); return own(); });
        const report = await phone.round();
        return [report.verdicts.map((one) => one.seq), server.escrow.map((one) => one.seq), report.unsent, report.alarms];""",
        [status, code],
    )
    assert told == [[1, 2, 3, 4, 5], [3], 0, [f"{code} 3"]]


def test_an_app_that_is_too_old_goes_on_pushing(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/pull", refused(426, "upgrade-required"));
        const report = await phone.round();
        return [report.upgrade, report.unsent, report.stopped];""",
    )
    assert told == [True, 0, None]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(module_page, status):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", refused(given, "busy", {}, { "retry-after": "120" }));
        const first = await phone.round();
        const second = await phone.round({ asked: true });
        clocks.ran += 200e3;
        const third = await phone.round();
        return [first.stopped, first.wait > 119, second.stopped, third.unsent];""",
        status,
    )
    assert told == ["busy", True, "quiet", 0]


def test_an_unknown_code_keeps_everything_and_waits_a_quarter_of_an_hour(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", refused(409, "something-new"));
        const stuck = await phone.round();
        server.answers("/pull", refused(418, "teapot"));
        const stopped = await phone.round({ asked: true });
        return [stuck.stuck, stuck.unsent, stopped.stopped, stopped.wait > 899];""",
    )
    assert told == ["something-new", 1, "teapot", True]


def _bytes(told: str) -> bytes:
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))


def test_a_damaged_share_is_lent_again_and_costs_nothing(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await phone.round();
        await note(phone, "before");
        await phone.store.durable("heard", ["meta"], async (tx) => {
          const row = await tx.objectStore("meta").get("standing");
          const share = row.value.share.with(20, row.value.share[20] ^ 1);
          await tx.objectStore("meta").put({ ...row, value: { ...row.value, share } });
        });
        phone.lock();
        const how = await name(phone.unlock(kept.secret.slice()));
        const closed = phone.state();
        await note(phone, "closed");
        server.answers("/ack", async (_, own) => { server.take(server.escrow[0]); return own(); });
        const report = await phone.round();
        return [how, closed, phone.state(), report.stopped, report.unsent, server.byId.size, server.escrow.map((one) => one.seq)];""",
    )
    assert told == ["went well", "lease-over", "open", None, 0, 2, [2]]
