// @ts-check
// One tab has the app; a second one says so and offers to take over.

const LOCK = "nyefamilier-felt-tab";

/**
 * Be the tab that has the app, for as long as it is open.
 * @param {object} told
 * @param {() => void} told.lost another tab has taken over
 * @param {boolean} [told.steal] take it from the tab that has it
 * @returns {Promise<boolean>} whether we have it
 */
export function beTheOnlyTab({ lost, steal = false }) {
  return new Promise((resolve) => {
    /** @param {Lock | null} lock */
    const held = (lock) => {
      resolve(lock !== null);
      // Held until the tab is closed, or another steals it.
      return lock ? new Promise(() => {}) : undefined;
    };
    navigator.locks.request(LOCK, steal ? { steal } : { ifAvailable: true }, held).catch(lost);
  });
}
