// @ts-check
// Locks the app: after five minutes without a touch, and when it was out of sight for half a minute.

export const IDLE_MS = 5 * 60 * 1000;
export const HIDDEN_MS = 30 * 1000;
const TOUCHES = ["pointerdown", "keydown", "input", "scroll"];

/** Watches for touches and for being seen. A phone that slept runs no timers, so the clock is asked when it wakes. */
export class Watch {
  /**
   * @param {object} told
   * @param {() => Promise<void>} told.keep write drafts: it may be the last that we can do
   * @param {() => void} told.lock
   * @param {() => number} [told.clock] milliseconds that go on while the phone sleeps
   */
  constructor({ keep, lock, clock = () => Date.now() }) {
    this.keep = keep;
    this.lock = lock;
    this.clock = clock;
    this.touched = clock();
    this.hidden = /** @type {number | null} */ (null);
    this.timer = 0;
  }

  /** Begin to watch. */
  start() {
    for (const touch of TOUCHES) addEventListener(touch, () => this.touch(), { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => this.seen(document.visibilityState === "visible"));
    document.addEventListener("freeze", () => void this.keep().then(this.lock));
    addEventListener("pagehide", () => void this.keep());
    this.timer = setInterval(() => this.look(), 1000);
  }

  /** She is here. What she touches first after a long sleep finds the app locked. */
  touch() {
    this.look();
    this.touched = this.clock();
  }

  /** @param {boolean} isSeen */
  seen(isSeen) {
    if (isSeen) {
      this.look();
      this.hidden = null;
    } else {
      this.hidden ??= this.clock();
      void this.keep();
    }
  }

  /** Lock if it is time. A clock that was set back counts as time gone by. */
  look() {
    const now = this.clock();
    const isIdle = since(this.touched, now) >= IDLE_MS;
    const isAway = this.hidden !== null && since(this.hidden, now) >= HIDDEN_MS;
    if (isIdle || isAway) this.lock();
  }
}

/** @param {number} from @param {number} now @returns {number} */
function since(from, now) {
  return now < from ? Infinity : now - from;
}
