// One start of a phone whose life is a script: the app's own engine on a page of the programme. A hook
// on the store ends it at any moment of any step; the way to the server loses what it is told to lose.
// Gives the page `life`, which lives through steps, and settles.
async (given) => {
  const { openStore } = await import("/felt/src/store/store.js");
  const { Client } = await import("/felt/src/client/client.js");
  const { Clocks } = await import("/felt/src/client/clocks.js");
  const { Unreachable, byFetch } = await import("/felt/src/client/transport.js");
  const { newSecret } = await import("/felt/src/vault/unlocking.js");
  const { b64url, fromB64url, fromUtf8, utf8 } = await import("/felt/src/wire/bytes.js");
  const { newId } = await import("/felt/src/wire/ids.js");

  const YEAR = 366 * 24 * 3600e3;
  const net = { away: given.away, asks: null, answers: null, page: false, resets: 0 };
  let skew = given.skew * YEAR;
  const wall = () => Date.now() + skew;
  const transport = async (method, path, headers, body) => {
    if (dead) return new Promise(() => {});
    if (net.away) throw new Unreachable("no-connection");
    if (net.asks && path.includes(net.asks)) { net.asks = null; throw new Unreachable("no-connection"); }
    if (net.page) { net.page = false; return { status: 200, headers: { "content-type": "text/html" }, body: utf8("<h1>Sign in to the hotel</h1>") }; }
    const got = await byFetch(method, path, headers, body);
    if (path.endsWith("/pull") && got.status === 200) net.resets += (JSON.parse(fromUtf8(got.body)).reset ?? []).length;
    if (net.answers && path.includes(net.answers)) { net.answers = null; throw new Unreachable("no-connection"); }
    return got;
  };

  // What is left until the end, in moments of durable steps; afterwards nothing here does anything more.
  let left = Infinity, dead = false, kept = 0, end = () => {};
  const ended = new Promise((go) => { end = go; });
  const hook = (moment) => {
    if (moment === "saved.done") kept += 1;
    left -= 1;
    if (left < 0) { dead = true; end(moment); }
    if (!dead) return undefined;
    if (moment.endsWith(".written")) throw new Error("the end");
    return new Promise(() => {});
  };

  const made = async () => new Client({ store: await openStore("lives", { hook }), transport, clocks: new Clocks({ wall }), chance: () => 0, name: "Prøvetelefon" });
  const opened = async () => {
    const phone = await made();
    await phone.begin();
    await phone.unlock(fromB64url(given.secret));
    return phone;
  };
  const enrolled = async () => {
    const phone = await made(), secret = newSecret(), told = b64url(secret);
    await phone.signIn(given.username, given.password);
    await phone.enrol({ deviceId: newId(), secret, ways: [], name: "Prøvetelefon" });
    return [phone, told];
  };

  // Two tabs of one phone; the other one is opened when it is looked at first.
  const tabs = [];
  let at = 0;
  const tab = async (number = at) => (tabs[number] ??= await opened());

  let { family, member } = given;
  const ops = {
    note: ({ id, words }) => ({ op: "note.write", note_id: id, member_id: member, text: words }),
    need: ({ id, words }) => ({ op: "need.state", need_id: id, stated_by: member, words }),
    visit: ({ id }) => ({ op: "visit.record", visit_id: id, outcome: "done", at: new Date(wall() - 3600e3).toISOString(), minutes: 45, place: "hjemme" }),
    number: ({ words }) => ({ op: "member.update", member_id: member, phone: words }),
    correct: ({ id, of, words }) => ({ op: "note.correct", note_id: id, corrects: of, text: words }),
    review: ({ id, of, words }) => ({ op: "need.review", review_id: id, need_id: of, state: "being_met", words }),
    close: ({ id, of, state, words }) => ({ op: "need.close", review_id: id, need_id: of, closed_by: member, state, words }),
  };
  const saves = [];
  const save = async (step, phone) => {
    const one = { ...step, sure: false };
    saves.push(one);
    const op = ops[step.what](step);
    const told = phone.save(op.op, family, [op]).then((saved) => Object.assign(one, { mutation: saved.id, seq: saved.seq, sure: true }));
    await Promise.race([told, ended]);
  };
  const idOf = (row) => row && { mutation: row.id };
  const goes = {
    round: async (phone) => phone.round({ asked: true }),
    away: () => { net.away = true; },
    back: () => { net.away = false; },
    "lost-ask": (_, { of }) => { net.asks = of; },
    "lost-answer": (_, { of }) => { net.answers = of; },
    hotel: () => { net.page = true; },
    year: () => { skew = YEAR; },
    "year-before": () => { skew = -YEAR; },
    clock: () => { skew = 0; },
    tab: () => { at = 1 - at; },
    both: async (_, { saves: meant }) => {
      const [one, other] = [await tab(0), await tab(1)];
      await Promise.all([one.round({ asked: true }), save(meant[0], other), other.round({ asked: true }), save(meant[1], one)]);
    },
    // In the middle of what it does the page ends: after so many moments, or after so much time.
    dies: async (phone, { saves: meant, amid, moments, breath }) => {
      left = moments ?? Infinity;
      const before = kept;
      const work = Promise.all([...meant.map((one) => save(one, phone)), ...(amid ? [phone.round({ asked: true })] : [])]);
      const time = new Promise((go) => { if (breath !== undefined) setTimeout(go, breath); });
      await Promise.race([work.catch(() => {}), ended, time]);
      // It lies there although nobody was told so any more.
      const [one] = saves.slice(-1);
      if (kept > before && meant.length === 1) Object.assign(one, { sure: true }, one.seq ? {} : idOf((await phone.store.all("outbox")).at(-1)));
    },
    reload: async () => {
      for (const one of tabs) { one?.lock(); await one?.round().catch(() => {}); one?.store.close(); }
    },
  };

  window.life = {
    begin: async () => {
      const [phone, secret] = await enrolled();
      const { alarms, stopped } = await phone.round({ asked: true });
      const mothers = (await phone.ofKind("member")).filter((one) => one.body.role === "mor").map((one) => ({ family: one.family, member: one.id }));
      const device = phone.standing().deviceId;
      phone.lock();
      return { secret, device, alarms, stopped, mothers };
    },
    live: async ({ home, steps }) => {
      ({ family, member } = home);
      for (const step of steps) {
        const phone = await tab();
        if (step.what in ops) await save(step, phone);
        else await goes[step.what](phone, step);
      }
      return { saves: saves.splice(0), away: net.away, skew: skew / YEAR };
    },
    settle: async ({ home }) => {
      ({ family, member } = home);
      Object.assign(net, { away: false, asks: null, answers: null, page: false });
      const phone = await tab(0), reports = [];
      for (let tries = 0; tries < 8; tries += 1) {
        const { alarms, stopped, stuck, unsent, wait } = await phone.round({ asked: true });
        reports.push({ alarms, stopped, stuck, unsent });
        if (stopped === null && stuck === null && unsent === 0) break;
        await new Promise((go) => setTimeout(go, stopped === "quiet" ? wait * 1000 + 50 : 50));
      }
      const shown = await phone.family(family);
      const all = Array.from(shown.records.values(), ({ kind, id, rev, body }) => ({ kind, id, rev, body })).toSorted((a, b) => a.id < b.id ? -1 : 1);
      const { deviceId: device, nextSeq } = phone.standing();
      return { all: JSON.stringify(all), reports, pending: shown.pending.filter((one) => one.verdict !== "parked").length, resets: net.resets, device, nextSeq };
    },
  };
}
