// @ts-check
// The little that the frame keeps in the clear: when all went well last, and a log of codes and counts.

/** @typedef {{ lastAt: string | null, log: string[], persisted: boolean | null, oriented: boolean }} Memory */

const KEY = "nyefamilier-felt";
const PATIENCE_MS = 10_000;
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

/**
 * Forget all of it: the phone was wiped or handed over, and its store is erased. The browser still has the store's
 * files, sealed, until it tidies them; the server's answer makes it delete them now.
 */
export async function forgetMemory() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was none.
  }
  try {
    await fetch("/felt/erased", { method: "POST", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    // No network just now: what is left is sealed, and nothing has its key.
  }
}
