// @ts-check
/**
 * What the nurse wrote and the server has not named yet, and what it has named but may lose.
 *
 * A mutation leaves the outbox only when the server has named its seq with a verdict; it then lies in
 * the journal until a verified backup has it.
 * @module
 */
import { StoreClosed } from "../store/store.js";
import { sealToEscrow } from "../vault/escrow.js";
import { utf8 } from "../wire/bytes.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").Desk} Desk */
/** @typedef {import("./report.js").Result} Result */
/** One mutation in the outbox; `raw` is null where only the escrow copy is left. @typedef {{seq: number, id: string, family: string, raw: Bytes | null, escrow: Bytes, escrowKey: string, refused: string | null, escrowed: boolean}} Unsent */
/** One that the server has named. @typedef {{device: string, seq: number, id: string, family: string, raw: Bytes | null, escrow: Bytes, escrowKey: string, status: string, reason: string | null, rev: number | null, ackedAt: number}} Acked */

/** What the bodies of outbox and journal are sealed to, so that a row moves as it is. */
export const CELL = "outbox";
/** Stands for the family of a mutation that only says that seqs are lost. */
export const VOID = "00000000-0000-0000-0000-000000000000";
export const SCHEMA = 1;
const KEEP_JOURNAL_MS = 30 * 24 * 3_600_000;
/** Another tab may have saved meanwhile; it cannot go on doing so for ever. */
const MOST_TRIES = 10;

/**
 * Keep what the nurse meant, under the next seq; it is on the disk when this resolves. Where the store
 * is closed only the copy for the server is kept, which the phone cannot read.
 * @param {Phone} phone
 * @param {{id: string, family: string}} told
 * @returns {Promise<{id: string, seq: number}>}
 */
export function put(phone, told) {
  return phone.turns.take(async () => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const seq = phone.here.nextSeq;
      const row = await sealed(phone, { ...told, seq }, told.family);
      if (await kept(phone, row)) return { id: told.id, seq };
      await phone.look();
    }
    throw new Error("The seqs go on changing.");
  });
}

/**
 * Put the row in its place, if the place is still its own.
 * @param {Phone} phone
 * @param {Unsent & {device: string}} row
 */
function kept(phone, { device, ...row }) {
  return phone.durable("saved", ["outbox"], async (desk) => {
    const { deviceId, nextSeq } = desk.standingHere;
    if (nextSeq !== row.seq || deviceId !== device) return false;
    await Promise.all([desk.table("outbox").add(row), desk.stand({ nextSeq: nextSeq + 1 })]);
    return true;
  });
}

/**
 * A row of the outbox: what is pushed, and the same in the same bytes sealed to the server.
 * @param {Phone} phone
 * @param {{id: string, seq: number}} mutation
 * @param {string} family
 * @returns {Promise<Unsent & {device: string}>}
 */
async function sealed(phone, mutation, family) {
  const { escrowKey, escrowKeyId, deviceId } = phone.here;
  const { id, seq } = mutation;
  const bytes = utf8(JSON.stringify(mutation));
  const raw = phone.store.sealer?.seal(CELL, id, family, seq, bytes) ?? null;
  const escrow = await sealToEscrow(escrowKey, id, bytes);
  return { device: deviceId, seq, id, family, raw: await raw, escrow, escrowKey: escrowKeyId, refused: null, escrowed: false };
}

/**
 * The outbox in its order; at most so many, and of one family where one is named.
 * @param {Phone} phone
 * @param {{family?: string, most?: number}} [which]
 * @returns {Promise<Unsent[]>}
 */
export async function unsent(phone, { family, most } = {}) {
  const rows = family === undefined ? await phone.store.all("outbox", null, undefined, most) : await phone.store.all("outbox", "family", family, most);
  return rows.toSorted((one, other) => one.seq - other.seq);
}

/**
 * The very bytes that are pushed.
 * @param {Phone} phone
 * @param {Unsent | Acked} one
 * @returns {Promise<Bytes>}
 * @throws {StoreClosed | import("../vault/store_key.js").CannotOpen}
 */
export async function rawOf(phone, one) {
  if (one.raw === null) throw new StoreClosed();
  return phone.store.opened.open(CELL, one.id, one.family, one.seq, one.raw);
}

/** Up to here the server has named every seq of ours. @param {Phone} phone @returns {Promise<number>} */
export async function ackedSeq(phone) {
  const [first] = await unsent(phone, { most: 1 });
  return (first?.seq ?? phone.here.nextSeq) - 1;
}

/**
 * Move what the server named into the journal.
 * @param {Phone} phone
 * @param {Result[]} results
 * @param {number} now When they were told, by the server's clock.
 * @returns {Promise<Result[]>} Those that were ours: a seq with another id than the one we keep there is not.
 */
export function settle(phone, results, now) {
  return phone.durable("verdicts", ["outbox", "journal"], async (desk) => {
    const device = desk.standingHere.deviceId;
    const ours = [];
    for (const result of results) {
      const row = await desk.table("outbox").get(result.seq);
      if (row?.id !== result.id) continue;
      await Promise.all([desk.table("journal").put(named(device, row, result, now)), desk.table("outbox").delete(result.seq)]);
      ours.push(result);
    }
    return ours;
  });
}

/** @param {string} device @param {Unsent} row @param {Result} result @param {number} now @returns {Acked} */
function named(device, row, result, now) {
  const { seq, id, family, raw, escrow, escrowKey } = row;
  return { device, seq, id, family, raw, escrow, escrowKey, status: result.status, reason: result.reason ?? null, rev: result.rev ?? null, ackedAt: now };
}

/** How much of what the server once had it has lost, by what it says of its last seq now. @param {Phone} phone @param {number} lastSeq @returns {Promise<number>} */
export function countBeyond(phone, lastSeq) {
  return phone.store.count("journal", null, beyond(phone.here.deviceId, lastSeq));
}

/** Back into the outbox with all of the journal beyond a seq, which the server has lost. @param {Phone} phone @param {number} lastSeq @returns {Promise<number>} How many. */
export function bringBack(phone, lastSeq) {
  return phone.durable("returned", ["outbox", "journal"], async (desk) => {
    const lost = beyond(desk.standingHere.deviceId, lastSeq);
    const rows = await desk.table("journal").getAll(lost);
    await Promise.all([...rows.map((/** @type {any} */ row) => desk.table("outbox").add(unnamed(row))), desk.table("journal").delete(lost)]);
    return rows.length;
  });
}

/** @param {Acked} row @returns {Unsent} */
function unnamed({ seq, id, family, raw, escrow, escrowKey }) {
  return { seq, id, family, raw, escrow, escrowKey, refused: null, escrowed: false };
}

/**
 * Say of *count* seqs from *first* on that they are lost: the store was damaged. It is told to the
 * server, where a person sees it; without that nothing could follow.
 * @param {Phone} phone
 * @param {number} first
 * @param {number} count
 * @param {string} mutationId
 */
export async function fillGap(phone, first, count, mutationId) {
  const told = { id: mutationId, seq: first, v: SCHEMA, type: "seq.void", count, why: "lost-on-phone" };
  const { device: _, ...row } = await sealed(phone, told, VOID);
  await phone.durable("voided", ["outbox"], (desk) => desk.table("outbox").add(row));
}

/** Note that the server has the escrow copies of these; it has not named them yet. @param {Phone} phone @param {number[]} seqs */
export function noteEscrowed(phone, seqs) {
  return changed(phone, "escrowed", seqs, { escrowed: true });
}

/** Send the escrow copies of these once more; what the server has of them, it keeps once. @param {Phone} phone @param {number[]} seqs */
export function offerAgain(phone, seqs) {
  return changed(phone, "escrowed", seqs, { escrowed: false });
}

/** Leave only the escrow copy of a mutation that cannot be sent as it is. @param {Phone} phone @param {number} seq @param {string} reason */
export function sealOff(phone, seq, reason) {
  return changed(phone, "sealed-off", [seq], { raw: null, refused: reason });
}

/** @param {Phone} phone @param {"escrowed" | "sealed-off"} step @param {number[]} seqs @param {Partial<Unsent>} change */
function changed(phone, step, seqs, change) {
  return phone.durable(step, ["outbox"], async (desk) => {
    for (const seq of seqs) {
      const row = await desk.table("outbox").get(seq);
      if (row !== undefined) await desk.table("outbox").put({ ...row, ...change });
    }
  });
}

/**
 * Forget what a verified backup has, once our copy of the family shows it; all after 30 days by the
 * server's clock. The verdicts *held*, *parked* and *quarantined* make no revision and are told by the inbox.
 * @param {Phone} phone
 * @param {number} durableSeq
 * @param {number} now By the server's clock: ours is whatever somebody set it to.
 */
export async function prune(phone, durableSeq, now) {
  const { deviceId } = phone.here;
  const revs = new Map((await phone.store.all("cursor")).map((one) => [one.family, one.rev]));
  /** @param {Acked} one */
  const isShown = (one) => one.rev === null || !((revs.get(one.family) ?? Infinity) < one.rev);
  const going = (await phone.store.all("journal")).filter(
    (one) => (one.device === deviceId && one.seq <= durableSeq && isShown(one)) || one.ackedAt < now - KEEP_JOURNAL_MS,
  );
  if (going.length === 0) return;
  await phone.durable("pruned", ["journal"], (desk) =>
    Promise.all(going.map((one) => desk.table("journal").delete([one.device, one.seq]))),
  );
}

/** What the server has of ours for a family and our copy does not show yet, in its order. @param {Phone} phone @param {string} family @returns {Promise<Acked[]>} */
export async function acked(phone, family) {
  const [rows, cursor] = await Promise.all([phone.store.all("journal", "family", family), phone.store.get("cursor", family)]);
  return rows
    .filter((one) => one.rev === null || cursor === undefined || cursor.rev < one.rev)
    .toSorted((one, other) => one.ackedAt - other.ackedAt || one.seq - other.seq);
}

/** @param {string} device @param {number} lastSeq */
function beyond(device, lastSeq) {
  return IDBKeyRange.bound([device, lastSeq], [device, Infinity], true);
}
