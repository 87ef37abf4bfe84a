// @ts-check
/**
 * A phone's clocks: the one that its owner may set, and the one that nobody can.
 * @module
 */

/** A point on both clocks, from which time that has passed is counted. @typedef {{wall: number, mono: number, boot: string}} Mark */

/** What time a phone believes it is, and how long this page has been running; all in milliseconds. */
export class Clocks {
  /** @param {{wall?: () => number, running?: () => number, boot?: string}} [given] A page that is loaded anew is a new start. */
  constructor({ wall = Date.now, running = () => performance.now(), boot = newBoot() } = {}) {
    this.wall = wall;
    this.running = running;
    this.boot = boot;
  }

  /** Whole milliseconds since the page's start. @returns {number} */
  get mono() {
    return Math.max(0, Math.trunc(this.running()));
  }

  /** This moment, on both clocks. @returns {Mark} */
  get mark() {
    return { wall: this.wall(), mono: this.mono, boot: this.boot };
  }
}

/**
 * How long ago a mark was: the longer of what the clocks say. A clock that was set back cannot make a
 * lease longer: while the page runs the other clock goes on (or stands still while the phone sleeps,
 * when the wall clock counts), and after a start *seen*, the latest time that was ever on it, counts.
 * @param {Mark} mark
 * @param {Clocks} clocks
 * @param {number} seen
 * @returns {number} Milliseconds.
 */
export function passed(mark, clocks, seen) {
  const byWall = Math.max(clocks.wall(), seen) - mark.wall;
  return Math.max(byWall, clocks.boot === mark.boot ? clocks.mono - mark.mono : 0);
}

/**
 * An instant as it travels.
 * @param {number} ms
 * @returns {string}
 */
export function instant(ms) {
  return new Date(ms).toISOString();
}

/**
 * The day of an instant, for what is done once a day.
 * @param {number} ms
 * @returns {string}
 */
export function dayOf(ms) {
  return instant(ms).slice(0, 10);
}

/**
 * When an id was made: it begins with its milliseconds.
 * @param {string} id
 * @returns {number}
 */
export function madeAt(id) {
  return Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
}

/** @returns {string} */
function newBoot() {
  return crypto.randomUUID().slice(0, 8);
}
