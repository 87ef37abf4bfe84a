// @ts-check
/**
 * Where a phone stands: who it is, what it was lent, how far the server has heard it.
 * @module
 */
import { passed } from "./clocks.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** "active" may be used; "locked" was closed by the server; "wipe" is to be erased, what is unsent first. @typedef {"active" | "locked" | "wipe"} State */

/**
 * One value, written whole in whichever transaction changes it. Times are milliseconds.
 *
 * @typedef {object} Standing
 * @property {string} account whose phone it is: nobody else's writing is ever sent from this store
 * @property {string} deviceId
 * @property {Bytes} signing the private key by which the server knows the device, sealed under our half
 * @property {string} epoch
 * @property {Bytes} escrowKey
 * @property {string} escrowKeyId
 * @property {number} leaseUntil when the lease ends, on the server's clock
 * @property {import("./clocks.js").Mark} leased when the rest of the lease, `leaseFor`, began on our own clocks
 * @property {number} leaseFor
 * @property {number} seen the latest time that was ever on our clock
 * @property {number} nextSeq the seq that the next mutation takes
 * @property {number} lastSeq the last of ours that the server has, as it said last
 * @property {number} durableSeq the last that lies in a verified backup
 * @property {Bytes | null} share the server's half of the store's key, sealed under ours; null when closed
 * @property {Bytes | null} check opens with the store's key, and with no other
 * @property {State} state
 * @property {number | null} offset how far the server's clock is ahead of ours
 * @property {string | null} scopeHash
 * @property {string | null} rowsTold the day on which the checksums of all rows were last told
 * @property {boolean} tidy whether the app was ended in good order; a crash asks for the rows to be proved
 */

/** The phone is not known to the server yet: without its escrow key nothing can be kept safe. */
export class NotEnrolled extends Error {
  constructor() {
    super("Enrol the phone first: it needs a network once.");
    this.name = "NotEnrolled";
  }
}

/**
 * How long the store may still be open without asking the server.
 * @param {Standing} standing
 * @param {import("./clocks.js").Clocks} clocks
 * @returns {number}
 */
export function leaseLeft(standing, clocks) {
  return standing.leaseFor - passed(standing.leased, clocks, standing.seen);
}

/**
 * The lease counted from *mark* on by what the server's clock said then, whatever ours said: a phone
 * may sleep for days between an answer and the next step, and the lease goes on running.
 * @param {Standing} standing
 * @param {import("./clocks.js").Mark} mark
 * @param {number} serverTime
 * @returns {Pick<Standing, "leased" | "leaseFor" | "seen">}
 */
export function anchored(standing, mark, serverTime) {
  const leaseFor = Math.max(standing.leaseUntil - serverTime, 0);
  return { leased: mark, leaseFor, seen: mark.wall };
}
