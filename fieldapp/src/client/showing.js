// @ts-check
/**
 * A family as the nurse sees it: the server's records, and over them what she has pending. What is laid
 * over is worked out each time that it is looked at, and written nowhere.
 * @module
 */
import { CannotOpen } from "../vault/store_key.js";
import { fromUtf8 } from "../wire/bytes.js";
import { WAITING } from "../wire/verdicts.js";
import { cursor, doubt, opened, rows } from "./copies.js";
import { effects } from "./laying.js";
import { VOID, acked, rawOf, unsent } from "./outbox.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./laying.js").Body} Body */
/** One record; `rev` is null where the server has none yet, and `pending` names the mutations whose effect on it is only laid over. @typedef {{kind: string, id: string, rev: number | null, body: Body, pending: string[]}} Shown */
/** "unsent": on this phone only; "escrow-only": and it cannot read it any more; "sent": the server has it, our copy does not show it yet; "waiting": a person or another change decides on it. @typedef {"unsent" | "escrow-only" | "sent" | "waiting"} Stands */
/** One mutation that the family's rows do not show yet. @typedef {{seq: number, id: string, standing: Stands, type: string | null, verdict: string | null, reason: string | null, occurredAt: string | null, ops: Body[]}} Pending */
/** @typedef {Shown & {family: string}} Row */

/** One family; `rev` is the server's revision that we have, null while its copy is on its way. */
export class Family {
  /** @param {string} id @param {number | null} rev @param {Map<string, Shown>} records By `kind:id`. @param {Pending[]} pending In its order. */
  constructor(id, rev, records, pending) {
    this.id = id;
    this.rev = rev;
    this.records = records;
    this.pending = pending;
  }

  /** The records of one kind, by their ids. @param {string} kind @returns {Shown[]} */
  ofKind(kind) {
    const found = [...this.records.values()].filter((one) => one.kind === kind);
    return found.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
}

/**
 * The family with what is pending laid over it.
 * @param {Phone} phone
 * @param {string} family
 * @returns {Promise<Family>}
 * @throws {import("../store/store.js").StoreClosed | CannotOpen}
 */
export async function familyShown(phone, family) {
  const [at, found, waits] = await Promise.all([cursor(phone, family), rows(phone, family), pending(phone, family)]);
  const shown = await Promise.all(found.map((row) => asShown(phone, row)));
  const records = new Map(shown.map((one) => [`${one.kind}:${one.id}`, one]));
  for (const one of waits) layOver(records, one, () => true);
  return new Family(family, at?.rev ?? null, records, waits);
}

/**
 * All records of one kind, over all families or those that are named; only these are opened. A family
 * of which a row is damaged is asked for again, and shown without it until then.
 * @param {Phone} phone
 * @param {string} kind
 * @param {Iterable<string> | undefined} families
 * @returns {Promise<Row[]>}
 * @throws {import("../store/store.js").StoreClosed}
 */
export async function kindShown(phone, kind, families) {
  const chosen = families === undefined ? null : new Set(families);
  /** @param {{family: string}} one */
  const isChosen = (one) => chosen === null || chosen.has(one.family);
  const found = (await phone.store.all("row", "kind", kind)).filter(isChosen);
  /** @type {Map<string, Map<string, Shown>>} */
  const byFamily = new Map();
  for (const one of await Promise.all(found.map((row) => unlessDamaged(phone, row.family, () => asShown(phone, row))))) {
    if (one !== null) recordsOf(byFamily, one.family).set(`${kind}:${one.shown.id}`, one.shown);
  }
  for (const family of (await familiesPending(phone)).filter((one) => isChosen({ family: one }))) {
    const waits = await unlessDamaged(phone, family, () => pending(phone, family));
    for (const one of waits?.shown ?? []) layOver(recordsOf(byFamily, family), one, (touched) => touched === kind);
  }
  return Array.from(byFamily, ([family, records]) => Array.from(records.values(), (one) => ({ family, ...one }))).flat();
}

/** What was written about the family and its rows do not show yet, in its order. @param {Phone} phone @param {string} family @returns {Promise<Pending[]>} */
export async function pending(phone, family) {
  const [named, ours] = await Promise.all([acked(phone, family), unsent(phone, { family })]);
  return Promise.all([...named.map((one) => namedShown(phone, one)), ...ours.map((one) => unsentShown(phone, one))]);
}

/** @param {Phone} phone @returns {Promise<string[]>} */
async function familiesPending(phone) {
  const [named, ours] = await Promise.all([phone.store.all("journal"), unsent(phone)]);
  return [...new Set([...named, ...ours].map((one) => one.family))].filter((family) => family !== VOID);
}

/** @param {Map<string, Map<string, Shown>>} byFamily @param {string} family */
function recordsOf(byFamily, family) {
  const records = byFamily.get(family) ?? new Map();
  byFamily.set(family, records);
  return records;
}

/** @param {Phone} phone @param {import("./copies.js").Row} row @returns {Promise<Shown>} */
async function asShown(phone, row) {
  const body = JSON.parse(fromUtf8(await opened(phone, row)));
  return { kind: row.kind, id: row.id, rev: row.rev, body, pending: [] };
}

/**
 * @template T
 * @param {Phone} phone @param {string} family @param {() => Promise<T>} open
 * @returns {Promise<{family: string, shown: T} | null>}
 */
async function unlessDamaged(phone, family, open) {
  try {
    return { family, shown: await open() };
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    await doubt(phone, family);
    return null;
  }
}

/** @param {Phone} phone @param {import("./outbox.js").Acked} one @returns {Promise<Pending>} */
async function namedShown(phone, one) {
  const stands = WAITING.includes(one.status) ? "waiting" : "sent";
  return read(phone, one, { ...unread(one, stands), verdict: one.status, reason: one.reason });
}

/** @param {Phone} phone @param {import("./outbox.js").Unsent} one @returns {Promise<Pending>} */
async function unsentShown(phone, one) {
  return one.raw === null ? { ...unread(one, "escrow-only"), reason: one.refused } : read(phone, one, unread(one, "unsent"));
}

/** @param {{seq: number, id: string}} one @param {Stands} standing @returns {Pending} */
function unread({ seq, id }, standing) {
  return { seq, id, standing, type: null, verdict: null, reason: null, occurredAt: null, ops: [] };
}

/** @param {Phone} phone @param {import("./outbox.js").Unsent | import("./outbox.js").Acked} one @param {Pending} told @returns {Promise<Pending>} */
async function read(phone, one, told) {
  if (one.raw === null) return told;
  const mutation = JSON.parse(fromUtf8(await rawOf(phone, one)));
  return { ...told, type: mutation.type, occurredAt: mutation.occurred_at ?? null, ops: mutation.ops ?? [] };
}

/** @param {Map<string, Shown>} records @param {Pending} one @param {(kind: string) => boolean} isWanted */
function layOver(records, one, isWanted) {
  if (one.standing !== "unsent" && one.standing !== "sent") return;
  for (const [kind, id, values] of one.ops.flatMap((op) => effects(op, one.occurredAt))) {
    if (!isWanted(kind)) continue;
    const before = records.get(`${kind}:${id}`) ?? { kind, id, rev: null, body: {}, pending: [] };
    records.set(`${kind}:${id}`, { ...before, body: { ...before.body, ...values }, pending: [...before.pending, one.id] });
  }
}
