// @ts-check
// The little that the frame keeps in the clear: when all went well last, and a log of codes and counts.

/** @typedef {{ lastAt: string | null, log: string[], persisted: boolean | null, oriented: boolean }} Memory */

const KEY = "nyefamilier-felt";
/** @type {Memory} */
const EMPTY = { lastAt: null, log: [], persisted: null, oriented: false };

/** What is kept; nothing where the browser forbids keeping. @returns {Memory} */
export function readMemory() {
  try {
    return { ...EMPTY, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return EMPTY;
  }
}

/** Keep some of it anew. @param {Partial<Memory>} told */
export function remember(told) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readMemory(), ...told }));
  } catch {
    // Full or forbidden: the app goes on without its log.
  }
}

/** Forget all of it: the phone was wiped or handed over. */
export function forgetMemory() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was none.
  }
}
