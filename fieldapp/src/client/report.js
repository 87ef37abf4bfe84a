// @ts-check
/**
 * What one round did, for a screen and for whoever looks after the phones.
 * @module
 */

/** What became of one mutation, as the server told it. @typedef {{seq: number, id: string, status: import("../wire/verdicts.js").Verdict, reason?: string | null, pointer?: string | null, rev?: number | null, review?: string | null, filed?: string[]}} Result */

/** A family that was brought up to date; `since` is null for one that came anew. @typedef {{family: string, since: number | null, rev: number, items: number}} Received */

/**
 * One round. `alarms` is what must never happen by itself, as `code family-or-seq`; `stopped` is why the
 * round ended before its end; `stuck` is why the outbox could not be emptied although the server
 * answered; `wait` is how many seconds to leave the server alone.
 *
 * @typedef {object} Report
 * @property {Result[]} verdicts
 * @property {Received[]} received
 * @property {Map<string, number>} purged
 * @property {number} receipts
 * @property {number} escrowed
 * @property {number} broughtBack
 * @property {boolean} enrolledAnew
 * @property {boolean} leaseRenewed
 * @property {boolean} upgrade
 * @property {boolean} erased
 * @property {string[]} alarms
 * @property {string | null} stopped
 * @property {boolean} puzzled Whether `stopped` is a refusal that this version of the app does not know.
 * @property {string | null} stuck
 * @property {number} wait
 * @property {number} unsent
 * @property {number} requests
 * @property {number} bytesUp
 * @property {number} bytesDown
 */

/** @returns {Report} A report of a round that has done nothing yet. */
export function newReport() {
  return {
    verdicts: [],
    received: [],
    purged: new Map(),
    receipts: 0,
    escrowed: 0,
    broughtBack: 0,
    enrolledAnew: false,
    leaseRenewed: false,
    upgrade: false,
    erased: false,
    alarms: [],
    stopped: null,
    puzzled: false,
    stuck: null,
    wait: 0,
    unsent: 0,
    requests: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}
