// @ts-check
/**
 * When the next round may begin: as the server asks, and never all phones at once.
 * @module
 */
const FIRST_WAIT = 2;
const LONGEST_WAIT = 900;
/** Seconds after an answer that this client does not know: keep everything, and ask much later. */
const UNKNOWN_WAIT = 900;

/**
 * How long to keep quiet, after failures and when the server asks for it. The waits after failures
 * double, and each is drawn from the whole span (full jitter), so that phones that lost the server
 * together do not come back together.
 */
export class Pace {
  #failures = 0;
  /** Asked for by the server: nobody's hand makes it shorter. */
  #asked = 0;
  #own = 0;

  /**
   * @param {() => number} running Milliseconds.
   * @param {() => number} [chance] From 0 to 1, 1 left out.
   */
  constructor(running, chance = Math.random) {
    this.running = running;
    this.chance = chance;
  }

  /** Seconds for which to keep quiet still. @returns {number} */
  get left() {
    return Math.max(0, Math.max(this.#asked, this.#own) - this.#now());
  }

  /** The part of it that the server asked for. @returns {number} */
  get leftByServer() {
    return Math.max(0, this.#asked - this.#now());
  }

  /**
   * Wait after a failure: the server's seconds at least, and a while drawn by lot.
   * @param {number | null} after
   */
  failed(after) {
    const span = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    const drawn = this.chance() * span;
    this.#own = this.#now() + (after ?? 0) + drawn;
    this.#asked = after ? this.#own : 0;
  }

  /**
   * Wait long after an answer that we do not know. The server did not ask for it, so her own hand may try at once.
   * @param {number | null} after
   */
  puzzled(after) {
    this.failed(Math.max(after ?? 0, UNKNOWN_WAIT));
    this.#asked = after === null ? 0 : this.#now() + after;
  }

  /**
   * Begin anew; where the server asks for quiet all the same, give it.
   * @param {number | null} backoff
   */
  wentWell(backoff) {
    this.#failures = 0;
    this.#asked = this.#now() + (backoff === null ? 0 : backoff * (1 + this.chance() * 0.2));
    this.#own = 0;
  }

  #now() {
    return this.running() / 1000;
  }
}
