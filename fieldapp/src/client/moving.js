// @ts-check
/**
 * What a store keeps when its key or its device becomes another one. The server's copies are fetched
 * anew; what the nurse wrote is carried over, with its id.
 *
 * Everything is worked out before the transaction that writes it, within one turn.
 * @module
 */
import { sealToEscrow } from "../vault/escrow.js";
import { CannotOpen } from "../vault/store_key.js";
import { fromUtf8, utf8 } from "../wire/bytes.js";
import { CELL, VOID } from "./outbox.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("../vault/store_key.js").Sealer} Sealer */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").Desk} Desk */
/** The keys of a store: of what the lease opens, and of what our half opens. @typedef {{store: Sealer | null, waiting: Sealer | null}} Keys */
/** @typedef {{outbox: any[], journal: any[], draft: any[]}} Moved */

/** The tables of what came from the server. */
export const COPIES = Object.freeze(/** @type {const} */ (["row", "cursor", "arrival", "arrived", "scope", "leaving"]));
/** The tables of what is the nurse's own. */
export const OURS = Object.freeze(/** @type {const} */ (["outbox", "journal", "draft"]));

/**
 * What is ours, sealed under the keys from now on. Without the key until now only the escrow copies are left.
 * @param {Phone} phone
 * @param {Keys} before
 * @param {Keys} after
 * @returns {Promise<Moved>}
 */
export async function resealed(phone, before, after) {
  const [outbox, journal] = await Promise.all([phone.store.all("outbox"), phone.store.all("journal")]);
  /** @param {any} row */
  const again = async (row) => {
    const bytes = await openedBy(before.store, row);
    return { ...row, raw: bytes === null || after.store === null ? null : await after.store.seal(CELL, row.id, row.family, row.seq, bytes) };
  };
  return {
    outbox: await Promise.all(outbox.map(again)),
    journal: await Promise.all(journal.map(again)),
    draft: await movedDrafts(phone, before, after),
  };
}

/**
 * All that we wrote, journal and outbox, with the seqs of the device that we are now. The ids stay, by
 * which the server knows again what it has.
 * @param {Phone} phone
 * @param {{escrowKey: Bytes, escrowKeyId: string, nextSeq: number}} to
 * @param {Keys} before
 * @param {Keys} after
 * @returns {Promise<Moved>}
 */
export async function renumbered(phone, to, before, after) {
  const [outbox, journal] = await Promise.all([phone.store.all("outbox"), phone.store.all("journal")]);
  const inOrder = [...journal.toSorted((one, other) => one.ackedAt - other.ackedAt || one.seq - other.seq), ...outbox];
  const kept = inOrder.filter((row) => row.family !== VOID);
  return {
    outbox: await Promise.all(kept.map((row, place) => renamed(row, to.nextSeq + place, to, before.store, after.store))),
    journal: [],
    draft: await movedDrafts(phone, before, after),
  };
}

/**
 * Write what was moved in the place of what was there, and empty the store of the server's copies.
 * @param {Desk} desk Of a step over `COPIES` and `OURS`.
 * @param {Moved} moved
 */
export async function beginEmpty(desk, moved) {
  await Promise.all([...COPIES, ...OURS].map((name) => desk.table(name).clear()));
  for (const name of OURS) {
    await Promise.all(moved[name].map((row) => desk.table(name).put(row)));
  }
}

/**
 * @param {any} row
 * @param {number} seq
 * @param {{escrowKey: Bytes, escrowKeyId: string}} to
 * @param {Sealer | null} before
 * @param {Sealer | null} after
 */
async function renamed({ id, family, seq: oldSeq, raw, escrow, escrowKey }, seq, to, before, after) {
  const row = { seq, id, family, raw: null, escrow, escrowKey, refused: null, escrowed: false };
  const opened = after === null ? null : await openedBy(before, { id, family, seq: oldSeq, raw });
  if (opened === null || after === null) return row;
  const bytes = utf8(JSON.stringify({ ...JSON.parse(fromUtf8(opened)), seq }));
  const sealed = { raw: await after.seal(CELL, id, family, seq, bytes), escrow: await sealToEscrow(to.escrowKey, id, bytes) };
  return { ...row, ...sealed, escrowKey: to.escrowKeyId };
}

/** What was sealed; null where it does not open, of which the copy for the server is left. @param {Sealer | null} sealer @param {any} row @returns {Promise<Bytes | null>} */
async function openedBy(sealer, { id, family, seq, raw }) {
  return sealer === null || raw === null ? null : unlessDamaged(sealer.open(CELL, id, family, seq, raw));
}

/** Drafts under the keys from now on; what does not open is gone. @param {Phone} phone @param {Keys} before @param {Keys} after */
async function movedDrafts(phone, before, after) {
  const rows = await phone.store.all("draft");
  const moved = await Promise.all(rows.map((row) => movedDraft(row, before, after)));
  return moved.filter((row) => row !== null);
}

/** @param {{key: string, by: "store" | "waiting", sealed: Bytes}} row @param {Keys} before @param {Keys} after */
async function movedDraft({ key, by, sealed }, before, after) {
  const old = before[by];
  const bytes = old === null ? null : await unlessDamaged(old.open("draft", key, old.deviceId, 0, sealed));
  // What lies under our half stays there: it may be needed when the next lease is over, too.
  const [name, fresh] = by === "waiting" || after.store === null ? ["waiting", after.waiting] : ["store", after.store];
  return bytes === null || fresh === null ? null : { key, by: name, sealed: await fresh.seal("draft", key, fresh.deviceId, 0, bytes) };
}

/** @param {Promise<Bytes>} opening @returns {Promise<Bytes | null>} */
async function unlessDamaged(opening) {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}
