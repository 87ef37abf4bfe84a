// @ts-check
/**
 * How phone and server prove that they mean the same history, and hold the same rows.
 *
 * The twin of `nyefamilier/wire/chain.py`, which has the reasons; `docs/sync-feed.md` has values to
 * test against. A row's mark has 53 bits, of which JavaScript's own bit operators would keep 32.
 * @module
 */
import { concat, hex, sha256, u64, utf8, uuidBytes } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** The chain of a family at revision 0, before anything was written. */
export const ORIGIN = new Uint8Array(32);

const CHAIN = utf8("nyefamilier-chain/1");
const ROW = utf8("nyefamilier-row/1");
const HAVE = utf8("nyefamilier-have/1");
const NUL = new Uint8Array(1);

/**
 * The chain at `rev`, which `link` makes, from the chain at the revision before.
 * @param {Bytes} chain
 * @param {number} rev
 * @param {Bytes} link
 * @returns {Promise<Bytes>} 32 bytes.
 */
export function after(chain, rev, link) {
  return sha256(concat(CHAIN, chain, u64(rev), link));
}

/**
 * A row's part in its family's checksum.
 * @param {string} kind
 * @param {string} id
 * @param {number} rev
 * @returns {Promise<bigint>} 53 bits.
 */
export async function rowMark(kind, id, rev) {
  const digest = await sha256(concat(ROW, utf8(kind), NUL, uuidBytes(id), u64(rev)));
  return new DataView(digest.buffer).getBigUint64(0) >> 11n;
}

/**
 * The checksum of a family's rows, each told by kind, id and revision; 0 for none.
 * @param {Iterable<readonly [string, string, number]>} rows
 * @returns {Promise<bigint>} 53 bits: `Number()` of it is exact.
 */
export async function checksum(rows) {
  const marks = await Promise.all(Array.from(rows, ([kind, id, rev]) => rowMark(kind, id, rev)));
  return marks.reduce((sum, mark) => sum ^ mark, 0n);
}

/**
 * What stands for all that a phone holds: each family with its revision and chain.
 * @param {Iterable<readonly [string, number, Bytes]>} families
 * @returns {Promise<string>} 32 characters of hexadecimal.
 */
export async function haveHash(families) {
  const told = Array.from(families, ([family, rev, chain]) =>
    concat(uuidBytes(family), u64(rev), chain),
  ).toSorted(byBytes);
  return hex(await sha256(concat(HAVE, ...told))).slice(0, 32);
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function byBytes(one, other) {
  const place = one.findIndex((byte, at) => byte !== other[at]);
  return place === -1 ? 0 : one[place] - other[place];
}
