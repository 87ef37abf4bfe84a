// @ts-check
/**
 * Fetches what has changed, family by family, and proves each before it is written.
 * @module
 */
import { PULL_BYTES_USUAL } from "../wire/limits.js";
import { RESTORED } from "../wire/verdicts.js";
import { pullAnswer } from "./answers.js";
import { dayOf } from "./clocks.js";
import { DoesNotFit, apply, doubt, have, haveInShort, layAside, partial } from "./copies.js";
import { bringAllBack, hear } from "./hearing.js";
import { leaving, takeScope } from "./leaving.js";
import { SCHEMA, ackedSeq } from "./outbox.js";
import { under } from "./phone.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./answers.js").PullAnswer} PullAnswer */
/** @typedef {import("./answers.js").Change} Change */
/** @typedef {import("./answers.js").Snapshot} Snapshot */

/** How often in one round a family is asked for again that does not fit. */
const MOST_TRIES = 2;
/** A server that always has more for us has a defect. */
const MOST_PULLS = 1000;
/** Resets that a server gives whose history, or our rows, went wrong. */
const ALARMING = ["diverged", "rows-differ"];

/** One run, until the server has no more. */
export class Pulling {
  #tellAll = false;
  /** @type {Map<string, number>} */
  #misfits = new Map();

  /**
   * @param {Phone} phone
   * @param {Report} report
   * @param {{maxBytes?: number, proveRows?: boolean, brought?: () => Promise<void>}} [how] `proveRows`:
   *   tell the checksums of all rows, as after a crash; they are told daily anyway. `brought` is
   *   called after each answer that was taken in.
   */
  constructor(phone, report, { maxBytes = PULL_BYTES_USUAL, proveRows = false, brought = async () => {} } = {}) {
    this.phone = phone;
    this.report = report;
    this.maxBytes = maxBytes;
    this.proveRows = proveRows;
    this.brought = brought;
  }

  /** Pull until there is no more; what came before a failure is kept. @throws {import("./transport.js").Unreachable | import("./talking.js").Refused} */
  async run() {
    for (let pulls = 0; pulls < MOST_PULLS; pulls += 1) {
      if (!(await this.#pull())) return;
    }
    this.report.alarms.push("pull-without-end");
  }

  /** One pull. @returns {Promise<boolean>} Whether there is to be another. */
  async #pull() {
    const { request, proves } = await this.#request();
    const asked = this.phone.clocks.mark;
    const answer = await this.phone.line.post("/pull", request, pullAnswer);
    await hear(this.phone, asked, answer, this.report);
    if (answer.ask === "have" && request.have === undefined) {
      this.#tellAll = true;
      return true;
    }
    this.#tellAll = false;
    if (proves) await this.#proved();
    await this.#take(answer);
    await this.brought();
    if (this.phone.store.sealer === null) return false;
    const told = new Set([...answer.changes, ...answer.snapshots].map((one) => one.family));
    const again = Array.from(told, (family) => this.#misfits.get(family) ?? 0).some((tries) => tries > 0 && tries <= MOST_TRIES);
    this.#tellAll = again;
    return answer.more || again;
  }

  async #request() {
    const { phone } = this;
    const standing = phone.here;
    const proves = this.proveRows || standing.rowsTold !== dayOf(phone.clocks.wall());
    const parts = await partial(phone);
    /** @type {Record<string, unknown>} */
    const request = { device_id: standing.deviceId, acked_seq: await ackedSeq(phone), schema: SCHEMA };
    if (proves || this.#tellAll) request.have = await have(phone, { proveRows: proves });
    else request.have_hash = await haveInShort(phone);
    if (standing.scopeHash !== null) request.scope_hash = standing.scopeHash;
    if (this.maxBytes !== PULL_BYTES_USUAL) request.max_bytes = this.maxBytes;
    if (Object.keys(parts).length > 0) request.partial = parts;
    return { request, proves };
  }

  /** The checksums of all rows were told, and heard: enough for today. */
  async #proved() {
    const today = dayOf(this.phone.clocks.wall());
    this.proveRows = false;
    if (this.phone.here.rowsTold !== today) {
      await this.phone.durable("proved", [], (desk) => desk.stand({ rowsTold: today }));
    }
  }

  /** @param {PullAnswer} answer */
  async #take(answer) {
    await takeScope(this.phone, answer.scope, answer.drop);
    // Closed: what is to go goes, and nothing comes that could not be sealed.
    if (this.phone.store.sealer === null) return;
    if (answer.reset.some((one) => RESTORED.includes(one.why)) && this.report.broughtBack === 0) {
      await bringAllBack(this.phone, answer.durableSeq, this.report);
    }
    for (const { family, why } of answer.reset) {
      await doubt(this.phone, family);
      if (ALARMING.includes(why)) this.report.alarms.push(`stream-${why} ${family}`);
    }
    const going = new Set((await leaving(this.phone)).map((one) => one.family));
    for (const change of answer.changes.filter((one) => !going.has(one.family))) {
      await this.#fit(change.family, () => this.#apply(change));
    }
    for (const part of answer.snapshots.filter((one) => !going.has(one.family))) {
      await this.#fit(part.family, () => this.#layAside(part));
    }
    this.report.alarms.push(...answer.unreadable.map((family) => `unreadable ${family}`));
  }

  /** Take in what fits; give up the cursor of what does not, so that it is asked for again. @param {string} family @param {() => Promise<void>} take */
  async #fit(family, take) {
    try {
      await take();
    } catch (error) {
      if (!(error instanceof DoesNotFit)) throw error;
      await doubt(this.phone, family);
      this.#misfits.set(family, (this.#misfits.get(family) ?? 0) + 1);
      this.report.alarms.push(`client-${error.why} ${family}`);
    }
  }

  /** @param {Change} change */
  async #apply(change) {
    await apply(this.phone, change);
    this.report.received.push({ family: change.family, since: change.from, rev: change.to, items: change.items.length });
  }

  /** @param {Snapshot} part */
  async #layAside(part) {
    await layAside(this.phone, part);
    if (part.part === part.parts) {
      const items = await this.phone.store.count("row", null, under(part.family));
      this.report.received.push({ family: part.family, since: null, rev: part.at, items });
    }
  }
}
