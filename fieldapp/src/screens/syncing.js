// @ts-check
// When the phone talks to the server, and what is known of it. One round at a time, in one tab at a time.

import { stateLine } from "../shown/state_line.js";
import { moment, osloDay } from "../words.js";
import { readMemory, remember } from "./memory.js";

/** @typedef {import("../client/client.js").Client} Client */
/** @typedef {import("../client/report.js").Report} Report */

const LOCK = "nyefamilier-felt-round";
/** Without anything that happens, news is asked for this often. */
const EVERY_MS = 5 * 60 * 1000;
/** The least that is left alone between two rounds that nobody asked for. */
const LEAST_MS = 15 * 1000;

/** Rounds: when they begin, what they are at, how the last one ended. */
export class Syncing {
  /**
   * @param {Client} client
   * @param {object} told
   * @param {() => Date} told.now
   * @param {(report: Report | null) => void} told.changed hears of each step, and of the report when one is there
   * @param {() => Promise<boolean>} told.besides what is told to the server outside of the families' feed
   */
  constructor(client, { now, changed, besides }) {
    this.client = client;
    this.besides = besides;
    this.now = now;
    this.changed = changed;
    this.running = false;
    this.step = /** @type {string | null} */ (null);
    this.here = 0;
    this.of = 0;
    this.unsent = 0;
    this.oldest = /** @type {string | null} */ (null);
    this.deciding = 0;
    this.full = false;
    this.report = /** @type {Report | null} */ (null);
    this.triedAt = -Infinity;
    this.again = false;
    this.timer = 0;
  }

  /** Begin with the browser's own signs that there may be a network. */
  start() {
    addEventListener("online", () => void this.round({ asked: true }));
    addEventListener("offline", () => this.changed(null));
    addEventListener("focus", () => void this.round());
    document.addEventListener("visibilitychange", () => void this.round());
    this.timer = setInterval(() => void this.round(), EVERY_MS);
    void this.round();
  }

  /**
   * A round, unless one goes on or was made just now.
   * @param {{ asked?: boolean }} [why] asked: by her own hand or by a save, so not put off
   * @returns {Promise<Report | null>} null when there was none to make
   */
  async round({ asked = false } = {}) {
    if (this.running) {
      this.again ||= asked;
      return null;
    }
    if (!this.#may(asked)) return null;
    this.running = true;
    const report = await this.#alone(asked);
    this.running = false;
    this.step = null;
    await this.count();
    this.changed(report);
    if (this.again) {
      this.again = false;
      return this.round({ asked: true });
    }
    return report;
  }

  /** Count anew what waits; after a save, and after each round. */
  async count() {
    try {
      const { count, oldest } = await this.client.unsent();
      this.unsent = count;
      this.oldest = oldest;
      this.deciding = this.client.state() === "open" ? await this.#undecided() : 0;
    } catch {
      // The store is closing: the last count stands until it is open again.
    }
  }

  /** When all went well last; null if never. @returns {string | null} */
  lastAt() {
    return readMemory().lastAt;
  }

  /** What the state line says now. @returns {import("../shown/state_line.js").Line} */
  line() {
    const lastAt = this.lastAt();
    return stateLine({
      running: this.running,
      step: this.step,
      here: this.here,
      of: this.of,
      unsent: this.unsent,
      deciding: this.deciding,
      stopped: this.report?.stopped ?? null,
      puzzled: this.report?.puzzled ?? false,
      upgrade: this.report?.upgrade ?? false,
      stuck: this.report?.stuck ?? null,
      online: navigator.onLine,
      full: this.full,
      closed: this.client.state() === "lease-over",
      lastAt: lastAt ? moment(lastAt, osloDay(this.now())) : null,
    });
  }

  /** @param {boolean} asked */
  #may(asked) {
    const isOpen = ["open", "lease-over", "stopped"].includes(this.client.state());
    const isSeen = document.visibilityState === "visible";
    return isOpen && isSeen && (asked || performance.now() - this.triedAt > LEAST_MS);
  }

  /** @param {boolean} asked @returns {Promise<Report | null>} null when another tab makes a round already */
  #alone(asked) {
    return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? this.#make(asked) : null));
  }

  /** @param {boolean} asked */
  async #make(asked) {
    this.triedAt = performance.now();
    this.#at({ step: "leasing" });
    const isTold = await this.besides().catch(() => false);
    try {
      this.report = await this.client.round({ asked, tell: (/** @type {Progress} */ at) => this.#at(at) });
    } catch (error) {
      note(this.now(), `broke:${error instanceof Error ? error.name : "unknown"}`, this.unsent);
      return null;
    }
    // The round may have carried her sign-in on, which was over before it.
    if (!isTold) await this.besides().catch(() => false);
    if (!this.report.stopped) remember({ lastAt: this.now().toISOString() });
    note(this.now(), this.report.stopped ?? this.report.stuck ?? "well", this.report.unsent, this.report);
    return this.report;
  }

  /** @typedef {{ step: string, here?: number, of?: number }} Progress */
  /** @param {Progress} at */
  #at({ step, here, of }) {
    this.step = step;
    this.here = here ?? this.here;
    this.of = of ?? this.of;
    this.changed(null);
  }

  async #undecided() {
    const items = await this.client.ofKind("inbox");
    return items.filter((/** @type {any} */ one) => !one.body.decided_at).length;
  }
}

const LOG_LINES = 100;

/**
 * A line for the log that a nurse can copy for support: a time, a code, and counts. Never a name, an id or a word.
 * @param {Date} at @param {string} outcome @param {number} unsent @param {Report} [report]
 */
function note(at, outcome, unsent, report) {
  const counts = report ? ` sent=${report.verdicts.length} fetched=${report.received.length} gone=${sizeOf(report.purged)} escrowed=${report.escrowed} bytes=${report.bytesUp}/${report.bytesDown} alarms=${codes(report.alarms)}` : "";
  remember({ log: [...readMemory().log, `${at.toISOString()} ${outcome} unsent=${unsent}${counts}`].slice(-LOG_LINES) });
}

/** @param {string[]} alarms @returns {string} their codes; what follows a code may be a family's id */
function codes(alarms) {
  return alarms.map((one) => one.split(" ")[0]).join(",") || "-";
}

/** @param {Map<string, number> | Record<string, number>} told @returns {number} */
function sizeOf(told) {
  return told instanceof Map ? told.size : Object.keys(told).length;
}
