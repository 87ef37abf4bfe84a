// Fills a phone's store by the app's own engine, from a server of a few lines: given.families families
// of given.records records, some of them with a visit today. Gives the code that opens the app.
async (given) => {
  const { openStore } = await import("/felt/src/store/store.js");
  const { Client } = await import("/felt/src/client/client.js");
  const { newSecret, wayByCode } = await import("/felt/src/vault/unlocking.js");
  const { utf8, b64url } = await import("/felt/src/wire/bytes.js");
  const { contentDigest } = await import("/felt/src/wire/digests.js");
  const { newId } = await import("/felt/src/wire/ids.js");
  const chain = await import("/felt/src/wire/chain.js");

  const now = Date.now();
  const epoch = newId();
  const account = newId();
  const words = "Mor forteller at hun sover lite, og at de er blitt to om nettene. Ammer hver tredje time. ";
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const escrow = b64url(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const stands = () => ({ epoch, server_time: new Date().toISOString(), last_seq: 0, durable_seq: 0 });
  const lease = { key_share: b64url(newSecret()), lease_until: new Date(now + 3600e3).toISOString(), commands: [] };

  const familyOf = (place) => {
    const mother = newId();
    const day = 24 * 3600e3;
    const items = [
      [1, "member", mother, { role: "mor", name: `Rask Bjørk ${place}`, phone: "40000001" }],
      [1, "member", newId(), { role: "far", name: `Stille Fjell ${place}` }],
      [1, "member", newId(), { role: "barn", name: `Ny Spurv ${place}`, born_on: "2026-10-01" }],
      [1, "address", newId(), { delbydel: "0301111101", valid_from: "2026-01-01", valid_to: null, lines: "Prøveveien 1", postal_code: "0980" }],
      [1, "team", newId(), { nurse_id: account, part: "primary" }],
    ];
    const at = place < 6 ? now + (place + 1) * 1800e3 : now + (place + 2) * day;
    items.push([1, "visit", newId(), { kind: "avtalt", state: "booked", at: new Date(at).toISOString(), minutes: 60, place: "hjemme", nurse_id: account, agreed: words }]);
    for (let n = 0; items.length < given.records; n += 1) {
      const kinds = ["note", "visit", "need", "review"];
      const body = { member_id: mother, text: words.repeat(4), words, state: "done", at: new Date(now - n * day).toISOString(), kind: "ordinary" };
      items.push([1, kinds[n % 4], newId(), body]);
    }
    return { family: newId(), items };
  };
  const families = Array.from({ length: given.families }, (_, place) => familyOf(place));
  const snapshots = await Promise.all(families.map(async ({ family, items }) => ({
    family, at: 1, chain: b64url(new Uint8Array(32)), part: 1, parts: 1, items,
    rows: Number(await chain.checksum(items.map(([rev, kind, id]) => [kind, id, rev]))),
  })));
  const answers = {
    "/tokens": () => ({ token: "bench", expires_at: new Date(now + 3600e3).toISOString() }),
    "/me": () => ({ id: account, username: "stovner1", display_name: "Helsesykepleier 1" }),
    "/devices": () => ({ ...stands(), lease, escrow_key: escrow, escrow_key_id: "key" }),
    "/lease": () => lease,
    "/pull": () => ({ ...stands(), scope: { hash: "0".repeat(32), families: families.map((one) => one.family) }, snapshots: snapshots.splice(0) }),
  };
  const transport = async (method, path) => {
    const told = answers[path.split("?")[0].replace("/api/v1", "").replace("/sync", "")]();
    const body = utf8(JSON.stringify(told));
    return { status: 200, body, headers: { "content-type": "application/json", "content-digest": await contentDigest(body) } };
  };

  const store = await openStore();
  const phone = new Client({ store, transport });
  await phone.signIn("stovner1", "ord");
  const [deviceId, secret] = [newId(), newSecret()];
  const { way, code } = await wayByCode(deviceId, secret);
  await phone.enrol({ deviceId, secret, ways: [{ ...way, deviceId }], name: "Prøvetelefon" });
  const began = performance.now();
  const report = await phone.round({ asked: true });
  if (report.received.length !== given.families) throw new Error(`${report.received.length} came: ${report.stopped} ${report.alarms}`);
  store.close();
  return { code, taken: performance.now() - began };
}
