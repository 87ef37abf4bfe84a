# ruff: noqa: E501 - the scripts in here are JavaScript
"""The engine of the field app under attack: crashes at each step, two hands at once, clocks, a full phone."""

from tests.fieldapp.phones import run

FAMILIES = """
  const mother = newId(), visit = newId(), other = newId();
  const server = new Server();
  await server.write(FAMILY, ["member", mother, { role: "mor", name: "Liten Fjell" }], ["visit", visit, { state: "planned" }]);
  await server.write(FAMILY, ["note", newId(), { text: "første" }]);
  await server.write(other, ["member", newId(), { role: "mor" }], ["note", newId(), { text: "a" }]);
"""


def test_a_crash_at_any_step_loses_nothing_and_makes_nothing_twice(module_page):
    """The phone is enrolled, writes, sends, fetches, is told to give a family up, and is locked."""
    told = run(
        module_page,
        """const flaws = [], reached = new Set();
        for (const moment of STEPS.flatMap((step) => ["before", "written", "done"].map((at) => `${step}.${at}`))) {
          base = null; clocks.ran = 0;
          const other = newId(), server = new Server();
          await server.write(FAMILY, ["member", newId(), { name: "A" }], ["note", newId(), { text: "b" }]);
          await server.write(other, ["member", newId(), { name: "C" }], ["note", newId(), { text: "d" }]);
          hooked.hook = () => {};
          let phone = await start(server);
          let left = 1;
          hooked.hook = (at) => { if (at === moment && left > 0) { left -= 1; reached.add(moment); throw new Error("flat battery"); } };
          const wanted = [];
          // What is stopped is started anew, from the disk, and goes on.
          const surely = async (act) => {
            for (let tries = 0; tries < 4; tries += 1) {
              try { return await act(); } catch (error) {
                if (error.message !== "flat battery") throw error;
                phone.store.close();
                try { phone = await restarted(server); } catch (again) { if (again.message !== "flat battery") throw again; phone = await restarted(server); }
              }
            }
          };
          const write = (text) => surely(async () => {
            const before = (await outbox(phone)).length + (await journal(phone)).length;
            if (wanted.includes(text) && before >= wanted.length) return;
            if (!wanted.includes(text)) wanted.push(text);
            await note(phone, text);
          });
          await write("1");
          await surely(() => phone.round({ asked: true }));
          await server.write(FAMILY, ["note", newId(), { text: "e" }]);
          await write("2");
          await surely(() => new Drafts(phone.store).write("x", { a: 1 }));
          await surely(() => phone.round({ asked: true }));
          server.scope = [FAMILY]; server.lastSeq = 0; server.byId = new Map();
          await write("3");
          await surely(() => phone.round({ asked: true }));
          await surely(() => { phone.lock(); return phone.unlock(kept.secret.slice()); });
          clocks.ran += 13 * 3600e3;
          server.answers("/push", refused(409, "seq-reuse"));
          await write("4");
          await surely(() => phone.round({ asked: true }));
          await surely(() => phone.round({ asked: true }));
          const texts = [...server.byId.values()].map((one) => one.ops[0].text).toSorted().join();
          const rows = (await phone.store.all("row")).filter((row) => row.family === FAMILY).length;
          const gone = (await phone.store.all("row")).filter((row) => row.family !== FAMILY).length;
          const report = await phone.round({ asked: true });
          const state = [texts, (await outbox(phone)).length, rows, gone, report.stopped, report.stuck, server.resets ?? 0];
          if (JSON.stringify(state) !== JSON.stringify(["1,2,3,4", 0, 3, 0, null, null, 0])) flaws.push([moment, ...state]);
          hooked.hook = () => {};
          phone.store.close();
        }
        return { flaws, missed: STEPS.filter((step) => !reached.has(`${step}.done`)) };""",
    )
    assert told["flaws"] == []
    # What this life has not in it is stopped by other tests.
    assert set(told["missed"]) <= {
        "closed", "doubted", "erasing", "handed-over", "voided", "sealed-off", "escrowed", "pruned",
        "ended",
    }  # fmt: skip


def test_a_crash_at_any_step_of_a_wipe_still_hands_everything_over_before_it_is_deleted(
    module_page,
):
    told = run(
        module_page,
        """const flaws = [], missed = [];
        const moments = ["closed", "returned", "erasing", "escrowed", "handed-over", "erased"].flatMap((step) => ["before", "written", "done"].map((at) => `${step}.${at}`));
        for (const moment of moments.filter((one) => !["erased.before", "erased.written"].includes(one))) {
          base = null;
          hooked.hook = () => {};
          const server = new Server();
          let phone = await start(server), left = 1;
          const named = await note(phone, "named"); await phone.round();
          const unsent = await note(phone, "unsent");
          server.state = "wipe";
          server.answers("/push", refused(403, "device-wipe"), refused(403, "device-wipe"));
          hooked.hook = (at) => { if (at === moment && left > 0) { left -= 1; throw new Error("flat battery"); } };
          const how = await name(phone.round({ asked: true }));
          if (left > 0) missed.push(moment);
          if (how !== "went well" && moment !== "erased.done") {
            phone.store.close();
            phone = await restarted(server);
            const report = await phone.round({ asked: true });
            if (report.stopped === "quiet") flaws.push([moment, "quiet"]);
            if (phone.state() === "stopped") await phone.round({ asked: true });
          }
          hooked.hook = () => {};
          const got = [named, unsent].every((one) => server.escrow.some((row) => row.id === one.id));
          const gone = !(await indexedDB.databases()).some((one) => one.name === phone.store.name);
          const receipt = server.receipts.at(-1)?.handed_over?.length;
          if (!got || !gone || !(receipt === 2 || (receipt === 0 && moment.startsWith("handed-over")))) flaws.push([moment, got, gone, receipt]);
        }
        return [flaws, missed];""",
    )
    assert told == [[], []]


def test_saves_at_once_and_during_a_round_each_have_a_place(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const first = Array.from({ length: 10 }, (_, n) => note(phone, `${n}`));
        const going = phone.round();
        const more = Array.from({ length: 10 }, (_, n) => note(phone, `later ${n}`));
        const seqs = (await Promise.all([...first, ...more])).map((one) => one.seq);
        await going;
        const report = await phone.round({ asked: true });
        const sent = new Set(server.asked.filter((one) => one.path === "/push").flatMap((one) => one.told.mutations.map((m) => m.seq)));
        return [seqs.toSorted((a, b) => a - b), sent.size, server.byId.size, report.unsent];""",
    )
    assert told == [list(range(1, 21)), 20, 20, 0]


def test_two_tabs_that_write_at_once_never_take_the_same_place(module_page):
    told = run(
        module_page,
        """const server = new Server(), one = await start(server), two = await restarted(server);
        const saved = await Promise.all([note(one), note(two), note(one), note(two)]);
        return [saved.map((each) => each.seq).toSorted(), new Set((await outbox(one)).map((row) => row.id)).size];""",
    )
    assert told == [[1, 2, 3, 4], 4]


def test_a_family_comes_whole_is_proved_and_shows_what_is_pending(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        const first = await phone.round();
        await phone.save("visit.record", FAMILY, [{{ op: "visit.record", visit_id: visit, outcome: "done", at: "2026-11-23T09:00:00Z", minutes: 40 }}]);
        const shown = await phone.family(FAMILY);
        const [of] = await phone.ofKind("visit");
        await server.write(FAMILY, ["visit", visit, {{ state: "done" }}]);
        const second = await phone.round();
        const after = await phone.family(FAMILY);
        return [first.received.length, (await phone.families()).length, shown.rev, shown.ofKind("visit").map((one) => [one.body.state, one.body.minutes, one.rev, one.pending.length]),
          of.body.state, of.family === FAMILY, second.received.map((one) => [one.since, one.rev, one.items]), after.ofKind("visit").map((one) => one.pending.length),
          server.resets ?? 0, second.alarms, (await phone.ages()).size];""",
    )
    assert told == [
        2, 2, 2, [["done", 40, 1, 1]], "done", True, [[2, 3, 1]], [0], 0, [], 2,
    ]  # fmt: skip


def test_a_family_that_does_not_fit_is_asked_for_again_and_never_half_written(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        await phone.round();
        const bend = (how) => async (_, own) => {{ const made = await own(); for (const one of made.changes) how(one); return made; }};
        const alarms = [];
        for (const how of [(one) => {{ one.rows += 1; }}, (one) => {{ one.from -= 1; }}, (one) => {{ one.links[0] = one.chain; }},
            (one) => {{ one.items[0] = one.items[0].with(0, one.items[0][0] + 9); }}, (one) => {{ one.chain = "?"; }}]) {{
          await server.write(FAMILY, ["note", newId(), {{ text: "x" }}]);
          server.answers("/pull", {{ ask: "have", ...server.stands() }}, bend(how));
          const report = await phone.round({{ asked: true }});
          alarms.push(...report.alarms.map((one) => one.split(" ")[0]));
        }}
        const family = await phone.family(FAMILY), last = await phone.round();
        return [alarms, family.rev, family.ofKind("note").length, last.alarms, server.resets ?? 0];""",
    )
    assert told == [
        ["client-checksum-differs", "client-gap", "client-chain-differs",
         "client-item-out-of-place", "client-unreadable"], 7, 6, [], 0,
    ]  # fmt: skip


def test_a_row_that_was_lost_is_noticed_after_a_crash_and_fetched_again(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        let phone = await start(server);
        await phone.round();
        await phone.store.durable("purged", ["row"], (tx) => tx.objectStore("row").delete([FAMILY, "member", mother]));
        phone.store.close();
        phone = await restarted(server);
        const report = await phone.round();
        phone.lock();
        await phone.unlock(kept.secret.slice());
        const next = await phone.round();
        const told = server.asked.findLast((one) => one.path === "/pull").told;
        return [server.resets, report.alarms.map((one) => one.split(" ")[0]), (await phone.family(FAMILY)).ofKind("member").length, next.alarms, "have" in told];""",
    )
    assert told == [1, ["stream-rows-differ"], 1, [], False]


def test_a_damaged_row_costs_its_family_only_until_the_next_round(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        await phone.round();
        await phone.store.durable("purged", ["row"], async (tx) => {{
          const row = await tx.objectStore("row").get([FAMILY, "member", mother]);
          await tx.objectStore("row").put({{ ...row, body: row.body.with(20, row.body[20] ^ 1) }});
        }});
        const members = await phone.ofKind("member"), how = await name(phone.family(FAMILY));
        await phone.round();
        return [members.length, how, (await phone.ofKind("member")).length, await name(phone.family(FAMILY))];""",
    )
    assert told == [1, "CannotOpen", 2, "went well"]


def test_a_family_that_is_given_up_goes_with_its_words_and_a_receipt(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        await phone.round();
        const drafts = new Drafts(phone.store);
        await drafts.write(`note/${{other}}`, {{ text: "x" }}); await drafts.write(`note/${{FAMILY}}`, {{ text: "y" }});
        server.answers("/push", refused(409, "something-new"), refused(409, "something-new"));
        await note(phone, "unsent", other);
        server.scope = [FAMILY];
        const tellAll = {{ ask: "have", ...server.stands() }};
        server.answers("/pull", tellAll);
        const report = await phone.round();
        const [row] = await outbox(phone);
        return [[...report.purged.values()], report.receipts, server.receipts[0].rows, row.raw, row.refused,
          (await drafts.all()).map((one) => one.value.text), (await phone.store.all("row")).every((one) => one.family === FAMILY)];""",
    )
    assert told == [[2], 1, 2, None, "purged", ["y"], True]


def test_a_clock_that_is_wrong_makes_no_lease_longer_and_loses_nothing(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await phone.round();
        await note(phone, "before");
        clocks.skew = YEAR;
        const ahead = phone.state();
        const saved = await note(phone, "closed");
        const closed = (await outbox(phone)).map((row) => row.raw === null);
        const how = await name(phone.family(FAMILY));
        const draft = new Drafts(phone.store);
        await draft.write("x", { text: "kept" });
        const report = await phone.round();
        const open = [phone.state(), report.unsent, [...server.byId.values()].length, server.escrow.map((one) => one.seq)];
        clocks.skew = -YEAR;
        const back = phone.state();
        clocks.ran = 30 * 3600e3;
        return [ahead, how, closed, ...open, (await draft.read("x")).text, back, phone.state()];""",
    )
    # With the share that it had before, the phone reads what it wrote before; the other goes by escrow.
    assert told[:3] == ["lease-over", "StoreClosed", [False, True]]
    assert told[3] == "open"
    assert told[6] == [2]
    assert told[7:] == ["kept", "open", "lease-over"]


def test_how_old_a_family_is_on_the_phone_is_told_by_the_servers_clock(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        clocks.skew = YEAR;
        const phone = await start(server);
        await phone.round();
        const ages = [...(await phone.ages()).values()];
        return ages.map((at) => Math.abs(Date.parse(at) - Date.now()) < YEAR / 2);""",
    )
    assert told == [True, True]


def test_a_new_share_begins_empty_and_what_was_written_goes_to_escrow(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        await phone.round();
        await note(phone, "unsent");
        const drafts = new Drafts(phone.store);
        await drafts.write("outing", 1, {{ outlivesLease: true }}); await drafts.write("text", 2);
        clocks.skew = YEAR; await name(phone.family(FAMILY)); clocks.skew = 0;
        server.fresh = 1;
        server.answers("/ack", async (_, own) => {{ server.take(server.escrow[0]); return own(); }});
        const report = await phone.round();
        return [report.leaseRenewed, server.escrow.map((one) => one.seq), report.unsent, report.received.map((one) => one.since), (await phone.ofKind("member")).length,
          (clocks.skew = YEAR) && await name(phone.family(FAMILY)), (await drafts.all()).map((one) => one.value)];""",
    )
    # What must outlive the lease can be read under the next one, and when that is over too.
    assert told == [True, [1], 0, [None, None], 2, "StoreClosed", [1]]


def test_a_full_phone_keeps_what_it_has_and_says_so(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        const phone = await start(server);
        await note(phone, "kept");
        const full = (...steps) => {{ hooked.hook = (at) => {{ if (steps.includes(at)) throw new DOMException("", "QuotaExceededError"); }}; }};
        full("saved.written");
        const how = await name(note(phone, "not kept"));
        full("replaced.written");
        const report = await phone.round();
        full();
        const again = await phone.round({{ asked: true }});
        return [how, report.stopped, report.unsent, server.byId.size, again.stopped, again.received.length];""",
    )
    assert told == ["StoreFull", "store-full", 0, 1, None, 2]


def test_locking_in_the_middle_of_a_round_hangs_up_and_loses_nothing(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", async (_, own) => { phone.lock(); return own(); });
        const report = await phone.round();
        const locked = [report.stopped, report.unsent, phone.state(), await name(phone.family(FAMILY)), await phone.account()];
        await phone.unlock(kept.secret.slice());
        const again = await phone.round();
        return [...locked, again.unsent, server.byId.size, (await phone.account()).username, await name(phone.unlock(newSecret()))];""",
    )
    assert told == [
        "locked", 1, "locked", "StoreClosed", None, 0, 1, "stovner1", "WrongCode",
    ]  # fmt: skip


def test_beginning_anew_needs_no_code_and_hands_over_what_was_unsent(module_page):
    told = run(
        module_page,
        f"""{FAMILIES}
        let phone = await start(server);
        await phone.round();
        const saved = await note(phone, "unsent");
        await new Drafts(phone.store).write("x", 1);
        phone.lock(); phone.store.close();
        phone = await start(server, {{ enrol: false }});
        const before = [await phone.unsent().then((one) => one.count), phone.state(), await name(phone.family(FAMILY))];
        server.answers("/devices", () => {{ throw new Unreachable("no-connection"); }});
        const secret = newSecret(), fresh = {{ deviceId: newId(), secret, ways: [{{ kind: "new" }}], name: "Ny" }};
        const mine = secret.slice();
        const lost = await name(phone.beginAnew("stovner1", "ord", fresh));
        const between = [phone.state(), (await phone.ways())[0].kind];
        await phone.beginAnew("stovner1", "ord", fresh);
        const [row] = await outbox(phone);
        server.answers("/ack", async (_, own) => {{ server.take({{ seq: 1, id: saved.id }}); return own(); }});
        const report = await phone.round();
        phone.lock(); await phone.unlock(mine);
        return [...before, lost, ...between, row.id === saved.id, row.raw, phone.state(), (await phone.ways())[0].kind, (await new Drafts(phone.store).all()).length,
          report.unsent, report.received.length, server.escrow[0].id === saved.id];""",
    )
    assert told == [
        1, "locked", "StoreClosed", "Unreachable", "locked", "code", True, None, "open", "new", 0,
        0, 2, True,
    ]  # fmt: skip


def test_a_first_download_opens_only_what_is_shown(module_page):
    told = run(
        module_page,
        """const server = new Server();
        const ids = Array.from({ length: 60 }, () => newId());
        for (const family of ids) await server.write(family, ...Array.from({ length: 40 }, (_, n) => [n < 4 ? "member" : "note", newId(), { text: "Noen ord om besøket. ".repeat(20) }]));
        const phone = await start(server);
        let longest = 0, last = performance.now(), done = false;
        const beat = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; if (!done) setTimeout(beat, 0); };
        beat();
        const began = performance.now();
        const report = await phone.round();
        done = true;
        const took = performance.now() - began;
        let looks = 0;
        const { open } = Object.getPrototypeOf(phone.store.sealer);
        Object.getPrototypeOf(phone.store.sealer).open = function (...given) { looks += 1; return open.apply(this, given); };
        const from = performance.now();
        const members = await phone.ofKind("member");
        const looked = performance.now() - from;
        return { families: report.received.length, members: members.length, opened: looks, took, longest, looked };""",
    )
    assert (told["families"], told["members"], told["opened"]) == (60, 240, 240)
