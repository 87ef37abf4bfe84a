// What a test of the engine has at hand: a server of a few lines, and phones. It is put before the test's own lines.
const { openStore } = await import("/felt/src/store/store.js");
const { STEPS } = await import("/felt/src/store/steps.js");
const { Client } = await import("/felt/src/client/client.js");
const { Clocks } = await import("/felt/src/client/clocks.js");
const { Drafts } = await import("/felt/src/client/drafts.js");
const { Unreachable } = await import("/felt/src/client/transport.js");
const { newSecret } = await import("/felt/src/vault/unlocking.js");
const { utf8, fromUtf8, b64url, hex } = await import("/felt/src/wire/bytes.js");
const { contentDigest } = await import("/felt/src/wire/digests.js");
const { newId } = await import("/felt/src/wire/ids.js");
const chain = await import("/felt/src/wire/chain.js");

const ACCOUNT = "01900000-0000-7000-8000-00000000000a";
const FAMILY = "01900000-0000-7000-8000-0000000000f1";
const YEAR = 365 * 24 * 3600 * 1000;
const name = (promise) => promise.then(() => "went well", (error) => error.name);
const until = async (holds) => { while (!(await holds())) await new Promise((go) => setTimeout(go, 5)); };

const unpack = async (body, headers) => {
  if (body === null) return null;
  if (headers["Content-Encoding"] !== "gzip") return body;
  const plain = new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
};
const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
const escrowKey = b64url(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
const { d: privateKey } = await crypto.subtle.exportKey("jwk", pair.privateKey);

class Server {
  epoch = newId(); lastSeq = 0; durableSeq = 0; account = ACCOUNT; state = "active"; fresh = 0;
  devices = []; asked = []; named = new Map(); byId = new Map(); escrow = []; receipts = []; scope = []; script = [];
  clocks = null; lease = 24 * 3600 * 1000; streams = new Map();
  answers(path, ...answers) { for (const one of answers) this.script.push([path, one]); }
  stands() { return { epoch: this.epoch, server_time: this.now(), last_seq: this.lastSeq, durable_seq: this.durableSeq }; }
  now(after = 0) { return new Date(Date.now() + after).toISOString(); }
  lent() {
    if (this.state !== "active") return { commands: [this.state] };
    return { key_share: b64url(new Uint8Array(32).fill(7 + this.fresh)), lease_until: this.now(this.lease), commands: [] };
  }
  async carry(method, path, headers, body) {
    const short = path.split("?")[0].replace("/api/v1", "").replace("/sync", "");
    const bytes = await unpack(body, headers);
    const told = bytes === null ? null : JSON.parse(fromUtf8(bytes));
    this.asked.push({ method, path: short, query: path.split("?")[1] ?? "", headers, told, bytes });
    const place = this.script.findIndex(([wanted]) => wanted === short);
    const scripted = place === -1 ? null : this.script.splice(place, 1)[0][1];
    const made = await (scripted === null ? this.own(short, told, path) : typeof scripted === "function" ? scripted(told, () => this.own(short, told, path)) : scripted);
    return made.raw ?? answer(made.status ?? 200, made.problem ?? made.body ?? made, made.headers);
  }
  own(path, told, whole) {
    switch (path) {
      case "/tokens": return { status: 201, body: { token: `token-${this.asked.length}`, expires_at: this.now(this.tokenFor ?? 3600e3) } };
      case "/me": return { id: this.account, username: "stovner1", display_name: "Kari" };
      case "/devices": this.devices.push(told.device_id); this.lastSeq = 0; this.durableSeq = 0; this.named = new Map();
        return { ...this.stands(), device_id: told.device_id, lease: this.lent(), escrow_key: escrowKey, escrow_key_id: "key-1" };
      case "/lease": return this.lent();
      case "/token": return { ...this.stands(), expires_at: this.now(3600e3), until: this.now(3600e3) };
      case "/push": if (told.mutations[0].seq > this.lastSeq + 1) return refused(409, "sequence-gap", { expected_seq: this.lastSeq + 1, last_seq: this.lastSeq });
        return { ...this.stands(), results: told.mutations.map((one) => this.take(one)), last_seq: this.lastSeq };
      case "/ack": return { ...this.stands(), results: [...this.named.values()].filter((one) => one.seq >= Number(/from=(\d+)/.exec(whole)[1])) };
      case "/pull": return this.pulled(told);
      case "/escrow": this.escrow.push(...told.mutations); return { server_time: this.now(), received: told.mutations.map((one) => one.id), commands: this.state === "active" ? [] : [this.state] };
      case "/purge-receipts": this.receipts.push(...told.receipts); return this.stands();
      case "/retire": return { status: 204, body: {} };
      case "/wipe-receipt": this.receipts.push(told); return { status: 204, body: {} };
      case "/tokens/current": return { status: 204, body: {} };
      default: throw new Error(`unexpected ${path}`);
    }
  }
  take(one) {
    this.lastSeq = Math.max(this.lastSeq, one.seq + (one.count ?? 1) - 1);
    const verdict = { seq: one.seq, id: one.id, status: this.byId.has(one.id) ? "noop" : "applied", reason: null, rev: this.streams.get(one.family)?.rev ?? null };
    this.byId.set(one.id, one);
    this.named.set(one.seq, verdict);
    return verdict;
  }
  // A family's history: one record a revision, unless it is told otherwise.
  async write(family, ...items) {
    const stream = this.streams.get(family) ?? { rev: 0, chains: [chain.ORIGIN], links: [], rows: new Map() };
    const rev = stream.rev + 1, link = crypto.getRandomValues(new Uint8Array(32));
    stream.rev = rev; stream.links.push(link); stream.chains.push(await chain.after(stream.chains.at(-1), rev, link));
    for (const [kind, id, body] of items) stream.rows.set(`${kind}:${id}`, [rev, kind, id, body]);
    this.streams.set(family, stream);
    if (!this.scope.includes(family)) this.scope.push(family);
  }
  sum(stream) { return chain.checksum([...stream.rows.values()].map(([rev, kind, id]) => [kind, id, rev])).then(Number); }
  async pulled(told) {
    const streams = this.scope.map((family) => [family, this.streams.get(family)]).filter(([, one]) => one);
    const made = { ...this.stands(), scope: { hash: "0".repeat(32), families: this.scope }, changes: [], snapshots: [], reset: [], drop: [] };
    const hash = await chain.haveHash(streams.map(([family, one]) => [family, one.rev, one.chains.at(-1)]));
    if (told.have === undefined) return told.have_hash === hash ? made : { ...this.stands(), ask: "have" };
    for (const [family, stream] of streams) await this.bring(family, stream, told, made);
    for (const family of Object.keys(told.have)) if (!this.scope.includes(family)) {
      made.drop.push({ family, purge_id: FAMILY, reason: "not-hers" });
    }
    return made;
  }
  async bring(family, stream, told, made) {
    const have = told.have[family], items = [...stream.rows.values()], rows = await this.sum(stream), at = stream.rev;
    const differs = have && (have.chain !== b64url(stream.chains[have.rev] ?? utf8("")) || (have.rows !== undefined && have.rev === at && have.rows !== rows));
    if (differs) { made.reset.push({ family, why: "rows-differ" }); this.resets = (this.resets ?? 0) + 1; }
    if (have && !differs) {
      if (have.rev < at) made.changes.push({ family, from: have.rev, to: at, chain: b64url(stream.chains.at(-1)), links: stream.links.slice(have.rev).map(b64url), rows, items: items.filter(([rev]) => rev > have.rev) });
      return;
    }
    const half = Math.ceil(items.length / 2), parts = [items.slice(0, half), items.slice(half)];
    const from = told.partial?.[family]?.at === at && !differs ? told.partial[family].parts : 0;
    const part = parts[from] === undefined ? 0 : from;
    made.snapshots.push({ family, at, chain: b64url(stream.chains.at(-1)), rows, part: part + 1, parts: 2, items: parts[part] });
    if (part === 0) made.more = true;
  }
  paths() { return this.asked.map((one) => one.path); }
  count(path) { return this.paths().filter((one) => one === path).length; }
}
const answer = async (status, told, headers = {}) => {
  const body = status === 204 ? new Uint8Array(0) : utf8(JSON.stringify(told));
  return { status, body, headers: { "content-type": "application/json", "content-digest": await contentDigest(body), ...headers } };
};
const refused = (status, code, more = {}, headers = {}) => ({ status, problem: { code, status, ...more }, headers });

const clocks = { skew: 0, ran: 0 };
const phoneClocks = () => new Clocks({ wall: () => Date.now() + clocks.skew, running: () => performance.now() + clocks.ran });
let base = null;
const hooked = { hook: () => {} };
const opened = () => openStore(`phone-${base}`, { hook: (at) => hooked.hook(at) });
const start = async (server, { enrol = true } = {}) => {
  base ??= crypto.randomUUID();
  const store = await opened();
  const phone = new Client({ store, transport: (...asked) => server.carry(...asked), clocks: phoneClocks(), chance: () => 0.5 });
  if (enrol) {
    await phone.signIn("stovner1", "ord");
    const secret = newSecret();
    kept.secret = secret.slice();
    await phone.enrol({ deviceId: newId(), secret, ways: [{ kind: "code" }], name: "Min" });
  }
  return phone;
};
const kept = {};
const restarted = async (server) => {
  const phone = await start(server, { enrol: false });
  await phone.unlock(kept.secret.slice());
  return phone;
};
const note = (phone, text = "Hei", family = FAMILY) => phone.save("note.write", family, [{ op: "note.write", note_id: newId(), member_id: FAMILY, text }]);
const outbox = (phone) => phone.store.all("outbox");
const journal = (phone) => phone.store.all("journal");
