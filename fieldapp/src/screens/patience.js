// @ts-check
// How long to wait after wrong codes. It slows down a curious hand; what stops a thief is the code's length.

const KEY = "nyefamilier-felt-tries";
/** Seconds to wait after the first, second … wrong code; the last stands for all that follow. */
export const WAITS = [0, 0, 5, 15, 30, 60, 300];

/** @param {() => number} clock @param {Storage} place */
export function patienceIn(clock, place) {
  /** @returns {{ tries: number, until: number }} */
  const read = () => {
    try {
      return { tries: 0, until: 0, ...JSON.parse(place.getItem(KEY) ?? "{}") };
    } catch {
      return { tries: 0, until: 0 };
    }
  };
  return {
    /** Milliseconds to wait; no longer than the longest, whatever was done to the clock. */
    left: () => Math.min(Math.max(0, read().until - clock()), WAITS[WAITS.length - 1] * 1000),
    /** Another wrong code. */
    failed: () => {
      const tries = read().tries + 1;
      const seconds = WAITS[Math.min(tries, WAITS.length) - 1];
      place.setItem(KEY, JSON.stringify({ tries, until: clock() + seconds * 1000 }));
    },
    /** It was opened. */
    forget: () => place.removeItem(KEY),
  };
}

export const patience = patienceIn(() => Date.now(), localStorage);
