// @ts-check
/**
 * The families' copies: each an exact prefix of the server's log, or given up and asked for again.
 *
 * A change is written in one transaction with its cursor, after everything about it was checked; what
 * the nurse has pending is never written among the rows.
 * @module
 */
import { equal, fromB64url, b64url, utf8 } from "../wire/bytes.js";
import { ORIGIN, after, checksum, haveHash } from "../wire/chain.js";
import { under } from "./phone.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").Desk} Desk */
/** @typedef {import("./answers.js").Change} Change */
/** @typedef {import("./answers.js").Snapshot} Snapshot */
/** @typedef {import("./answers.js").Item} Item */
/** How far we have a family. @typedef {{family: string, rev: number, chain: Bytes, checksum: number}} Cursor */
/** One record as it lies here. @typedef {{family: string, kind: string, id: string, rev: number, body: Bytes}} Row */

/** What came does not follow from what is here; the family is asked for again. */
export class DoesNotFit extends Error {
  /** @param {"gap" | "chain-differs" | "checksum-differs" | "item-out-of-place" | "part-missing" | "unreadable"} why */
  constructor(why) {
    super(why);
    this.name = "DoesNotFit";
    this.why = why;
  }
}

/** How far we have each family. @param {Phone} phone @returns {Promise<Cursor[]>} */
export function cursors(phone) {
  return phone.store.all("cursor");
}

/** How far we have a family; undefined when we have none of it that can be trusted. @param {Phone} phone @param {string} family @returns {Promise<Cursor | undefined>} */
export function cursor(phone, family) {
  return phone.store.get("cursor", family);
}

/**
 * What we tell the server that we have; with the checksums of the rows that really lie here.
 * @param {Phone} phone
 * @param {{proveRows: boolean}} how
 */
export async function have(phone, { proveRows }) {
  /** @type {Record<string, {rev: number, chain: string, rows?: number}>} */
  const held = {};
  for (const one of await cursors(phone)) {
    held[one.family] = { rev: one.rev, chain: b64url(one.chain) };
    if (proveRows) held[one.family].rows = await rowsSum(phone, one.family);
  }
  return held;
}

/** The same in 32 characters. @param {Phone} phone @returns {Promise<string>} */
export async function haveInShort(phone) {
  return haveHash((await cursors(phone)).map((one) => [one.family, one.rev, one.chain]));
}

/** Of which families we have the first parts of a new copy. @param {Phone} phone */
export async function partial(phone) {
  const rows = await phone.store.all("arrival");
  return Object.fromEntries(rows.map((row) => [row.family, { at: row.at, parts: row.next - 1 }]));
}

/** The checksum of the rows that lie here, counted anew. @param {Phone} phone @param {string} family @returns {Promise<number>} */
export async function rowsSum(phone, family) {
  return sumOf(await rows(phone, family));
}

/** A family's rows, sealed. @param {Phone} phone @param {string} family @returns {Promise<Row[]>} */
export function rows(phone, family) {
  return phone.store.all("row", null, under(family));
}

/**
 * A row's body, opened.
 * @param {Phone} phone
 * @param {Row} row
 * @returns {Promise<Bytes>}
 * @throws {import("../store/store.js").StoreClosed | import("../vault/store_key.js").CannotOpen}
 */
export async function opened(phone, row) {
  return phone.store.opened.open(`row:${row.kind}`, row.id, row.family, row.rev, row.body);
}

/** The families of which anything lies in a table whose keys begin with the family. @param {Phone} phone @param {"row" | "arrived"} table @returns {Promise<string[]>} */
export async function familiesIn(phone, table) {
  /** @type {string[]} */
  const found = [];
  for (;;) {
    // From the last family's end on to the first row of the next.
    const from = IDBKeyRange.lowerBound(found.length === 0 ? [] : [found.at(-1), []]);
    const [row] = await phone.store.all(table, null, from, 1);
    if (row === undefined) return found;
    found.push(row.family);
  }
}

/** The families of which anything lies here. @param {Phone} phone @returns {Promise<string[]>} */
export async function families(phone) {
  const known = (await cursors(phone)).map((one) => one.family);
  return [...new Set([...known, ...(await familiesIn(phone, "row"))])].toSorted();
}

/**
 * Take a family from one revision to another.
 * @param {Phone} phone
 * @param {Change} change
 * @throws {DoesNotFit | import("../store/store.js").StoreClosed} Nothing was written.
 */
export async function apply(phone, change) {
  const before = await cursor(phone, change.family);
  const next = await followed(before, change);
  const coming = await sealedRows(phone, change.family, change.items);
  const older = before === undefined ? [] : await olderOf(phone, coming);
  const marks = (await marksOf(older)) ^ (await marksOf(coming)) ^ BigInt(before?.checksum ?? 0);
  fits(Number(marks) === change.rows, "checksum-differs");
  await phone.durable("changed", ["row", "cursor"], async (desk) => {
    const now = await desk.table("cursor").get(change.family);
    fits(now?.rev === before?.rev && (before === undefined || equal(now.chain, before.chain)), "gap");
    if (before === undefined) await desk.table("row").delete(under(change.family));
    await Promise.all([...coming.map((row) => desk.table("row").put(row)), desk.table("cursor").put(next)]);
  });
}

/**
 * Take in a part of a family's new copy; the last part puts it in the place of the old one.
 * @param {Phone} phone
 * @param {Snapshot} part
 * @throws {DoesNotFit | import("../store/store.js").StoreClosed} What was laid aside of the family is gone.
 */
export async function layAside(phone, part) {
  try {
    await expect(phone, part);
    await (part.part < part.parts ? addPart(phone, part) : replace(phone, part));
  } catch (error) {
    if (error instanceof DoesNotFit) await phone.durable("doubted", PARTS, (desk) => forgetParts(desk, part.family));
    throw error;
  }
}

/** Give up the cursor: the rows stay to be looked at, and the family is asked for again. @param {Phone} phone @param {string} family */
export function doubt(phone, family) {
  return phone.durable("doubted", ["cursor", ...PARTS], (desk) =>
    Promise.all([desk.table("cursor").delete(family), forgetParts(desk, family)]),
  );
}

/** Delete what lies here of a family, within a step over `COPIES`. @param {Desk} desk @param {string} family @returns {Promise<number>} How many rows there were. */
export async function remove(desk, family) {
  const gone = await desk.table("row").count(under(family));
  await Promise.all([desk.table("row").delete(under(family)), desk.table("cursor").delete(family), forgetParts(desk, family)]);
  return gone;
}

/** @type {("arrival" | "arrived")[]} */
const PARTS = ["arrival", "arrived"];

/** Where the family is after a change, if it follows from where it is. @param {Cursor | undefined} before @param {Change} change @returns {Promise<Cursor>} */
async function followed(before, change) {
  const rev = before?.rev ?? 0;
  fits(change.from === rev && change.links.length === change.to - change.from, "gap");
  let told = before?.chain ?? ORIGIN;
  for (const [place, link] of change.links.entries()) {
    told = await after(told, rev + 1 + place, decoded(link));
  }
  fits(equal(told, decoded(change.chain)), "chain-differs");
  fits(change.items.every(([at]) => rev < at && at <= change.to), "item-out-of-place");
  return { family: change.family, rev: change.to, chain: told, checksum: change.rows };
}

/** @param {Phone} phone @param {Snapshot} part */
async function expect(phone, part) {
  fits(part.items.every(([at]) => at <= part.at), "item-out-of-place");
  if (part.part === 1) return;
  fits(isNext(await phone.store.get("arrival", part.family), part), "part-missing");
}

/** @param {any} arrival @param {Snapshot} part */
function isNext(arrival, part) {
  return arrival?.at === part.at && arrival.next === part.part && equal(arrival.chain, decoded(part.chain));
}

/** @param {Phone} phone @param {Snapshot} part */
async function addPart(phone, part) {
  const coming = await sealedRows(phone, part.family, part.items);
  const arrival = { family: part.family, at: part.at, chain: decoded(part.chain), next: part.part + 1 };
  await phone.durable("part", PARTS, async (desk) => {
    await begun(desk, part);
    await Promise.all([...coming.map((row) => desk.table("arrived").put(row)), desk.table("arrival").put(arrival)]);
  });
}

/** @param {Phone} phone @param {Snapshot} part */
async function replace(phone, part) {
  const coming = await sealedRows(phone, part.family, part.items);
  const aside = part.part === 1 ? [] : await phone.store.all("arrived", null, under(part.family));
  const whole = [...new Map([...aside, ...coming].map((row) => [`${row.kind}:${row.id}`, row])).values()];
  fits((await sumOf(whole)) === part.rows, "checksum-differs");
  const next = { family: part.family, rev: part.at, chain: decoded(part.chain), checksum: part.rows };
  await phone.durable("replaced", ["row", "cursor", ...PARTS], async (desk) => {
    await begun(desk, part);
    await Promise.all([desk.table("row").delete(under(part.family)), forgetParts(desk, part.family)]);
    await Promise.all([...whole.map((row) => desk.table("row").put(row)), desk.table("cursor").put(next)]);
  });
}

/** What was laid aside is still what this part follows. @param {Desk} desk @param {Snapshot} part */
async function begun(desk, part) {
  if (part.part === 1) await forgetParts(desk, part.family);
  else fits(isNext(await desk.table("arrival").get(part.family), part), "part-missing");
}

/**
 * Items as rows, each once: the last of those that name the same record.
 * @param {Phone} phone
 * @param {string} family
 * @param {Item[]} items
 * @returns {Promise<Row[]>}
 */
async function sealedRows(phone, family, items) {
  const sealer = phone.store.opened;
  const last = new Map(items.map((item) => [`${item[1]}:${item[2]}`, item]));
  return Promise.all(
    Array.from(last.values(), async ([rev, kind, id, told]) => {
      const body = await sealer.seal(`row:${kind}`, id, family, rev, utf8(JSON.stringify(told)));
      return { family, kind, id, rev, body };
    }),
  );
}

/** The rows in whose place others come. @param {Phone} phone @param {Row[]} coming @returns {Promise<Row[]>} */
async function olderOf(phone, coming) {
  const found = await Promise.all(coming.map((row) => phone.store.get("row", [row.family, row.kind, row.id])));
  return found.filter((row) => row !== undefined);
}

/** @param {Row[]} some */
function marksOf(some) {
  return checksum(some.map((row) => [row.kind, row.id, row.rev]));
}

/** @param {Row[]} some @returns {Promise<number>} */
async function sumOf(some) {
  return Number(await marksOf(some));
}

/** @param {string} told @returns {Bytes} */
function decoded(told) {
  try {
    return fromB64url(told);
  } catch {
    throw new DoesNotFit("unreadable");
  }
}

/** @param {boolean} does @param {DoesNotFit["why"]} why */
function fits(does, why) {
  if (!does) throw new DoesNotFit(why);
}

/** @param {Desk} desk @param {string} family */
function forgetParts(desk, family) {
  return Promise.all([desk.table("arrival").delete(family), desk.table("arrived").delete(under(family))]);
}
