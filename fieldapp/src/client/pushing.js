// @ts-check
/**
 * Sends what is in the outbox, in its order, until it is empty or the server stops it.
 * @module
 */
import { CannotOpen } from "../vault/store_key.js";
import { concat, utf8 } from "../wire/bytes.js";
import { newId } from "../wire/ids.js";
import { MUTATIONS, PUSH_BYTES, VOIDED } from "../wire/limits.js";
import { pushAnswer, time } from "./answers.js";
import { instant } from "./clocks.js";
import { sendToEscrow } from "./escrowing.js";
import { hear } from "./hearing.js";
import { SCHEMA, ackedSeq, bringBack, countBeyond, fillGap, offerAgain, rawOf, sealOff, settle, unsent } from "./outbox.js";
import { Refused } from "./talking.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Result} Result */
/** @typedef {import("./outbox.js").Unsent} Unsent */
/** @typedef {{one: Unsent, raw: Bytes}[]} Batch */

/** Room for what a push says beside its mutations. */
const ENVELOPE_BYTES = 2048;
/** Refusals in a row without a single verdict, after which it is a defect and not a mishap. */
const MOST_MENDED = 40;
/** Of one run; what is left then waits for the next. */
const MOST_PUSHES = 1000;
/** Refusals that one mutation of a push can cause: it is looked for by halving. */
const UNREADABLE = ["malformed-json", "malformed-push", "malformed-mutation", "malformed-gzip", "too-large", "mutation-too-large", "unpacks-too-far", "too-many-mutations"];
/** The body was changed on its way: the same bytes once more, later. */
const DAMAGED = ["content-digest", "content-digest-missing"];

/** The server knows other content under one of our seqs: enrol anew, and keep the mutations' ids. */
export class SentBefore extends Error {
  constructor() {
    super("The server has other content under one of our seqs.");
    this.name = "SentBefore";
  }
}

/** One run through the outbox. */
export class Pushing {
  #most = MUTATIONS;
  #mended = 0;

  /** @param {Phone} phone @param {Report} report */
  constructor(phone, report) {
    this.phone = phone;
    this.report = report;
  }

  /**
   * Push until the outbox is empty, or stuck; the report says why.
   * @throws {SentBefore | Refused | import("./transport.js").Unreachable}
   */
  async run() {
    this.report.stuck = null;
    for (let pushes = 0; pushes < MOST_PUSHES && this.report.stuck === null; pushes += 1) {
      const found = await unsent(this.phone, { most: this.#most });
      if (found.length === 0 || this.phone.store.sealer === null) return;
      if (found[0].raw === null) {
        await this.#askOfEscrow(found);
      } else {
        const batch = await this.#batch(found);
        if (batch.length > 0) await this.#send(batch);
      }
    }
  }

  /** As much of *found* as goes into one push. @param {Unsent[]} found @returns {Promise<Batch>} */
  async #batch(found) {
    const batch = [];
    let room = PUSH_BYTES - ENVELOPE_BYTES;
    for (const one of found) {
      const raw = await this.#rawOf(one);
      if (raw === null) break;
      room -= raw.length + 1;
      if (room < 0 && batch.length > 0) break;
      batch.push({ one, raw });
    }
    return batch;
  }

  /** The bytes to push; null where only the escrow copy is left, or is from now on. @param {Unsent} one */
  async #rawOf(one) {
    if (one.raw === null) return null;
    try {
      return await rawOf(this.phone, one);
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      this.report.alarms.push(`damaged ${one.seq}`);
      await sealOff(this.phone, one.seq, "damaged");
      return null;
    }
  }

  /** @param {Batch} batch */
  async #send(batch) {
    const asked = this.phone.clocks.mark;
    const body = await this.#body(batch);
    let answer;
    try {
      answer = await this.phone.line.post("/push", body, pushAnswer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { results, server_time: told } = error.problem;
      await this.#settle(results, told == null ? this.phone.clocks.wall() : time(told));
      return this.#mend(error, batch);
    }
    const before = this.report.broughtBack;
    // First, so that what this very answer names does not come back as lost.
    await hear(this.phone, asked, answer, this.report);
    const settled = await this.#settle(answer.results, answer.serverTime);
    if (settled.length === 0 && this.report.broughtBack === before) this.report.stuck = "no-verdict";
  }

  /** The push, in which each mutation is the very bytes that were sealed to escrow. @param {Batch} batch @returns {Promise<Bytes>} */
  async #body(batch) {
    const { clocks, here } = this.phone;
    const clock = { wall: instant(clocks.wall()), mono_ms: clocks.mono, boot: clocks.boot, offset_ms: here.offset };
    const envelope = { device_id: here.deviceId, acked_seq: await ackedSeq(this.phone), schema: SCHEMA, clock };
    const parts = batch.flatMap(({ raw }, place) => (place === 0 ? [raw] : [utf8(","), raw]));
    return concat(utf8(`${JSON.stringify(envelope).slice(0, -1)},"mutations":[`), ...parts, utf8("]}"));
  }

  /** @param {Result[]} results @param {number} toldAt */
  async #settle(results, toldAt) {
    const settled = results.length > 0 ? await settle(this.phone, results, toldAt) : [];
    this.report.verdicts.push(...settled);
    if (settled.length > 0) {
      this.#mended = 0;
      this.#most = MUTATIONS;
    }
    return settled;
  }

  /** Do what the refusal asks for, so that the next push goes through. @param {Refused} refused @param {Batch} batch */
  async #mend(refused, batch) {
    const { code, problem, status } = refused;
    this.#mended += 1;
    if (refused.isForLater || [401, 403, 404].includes(status)) throw refused;
    if (this.#mended > MOST_MENDED || DAMAGED.includes(code)) {
      this.report.stuck = code;
    } else if (code === "seq-reuse") {
      throw new SentBefore();
    } else if (code === "server-regressed") {
      await this.#rewind(problem.last_seq ?? 0, problem.durable_seq ?? 0);
    } else if (code === "sequence-gap") {
      const before = (problem.expected_seq ?? 1) - 1;
      await this.#rewind(before, before);
    } else if (UNREADABLE.includes(code)) {
      await this.#halve(code, batch);
    } else {
      this.report.stuck = code;
    }
  }

  /** Send again what follows *safe*, if the server lacks any of it after *lastSeq*. @param {number} lastSeq @param {number} safe */
  async #rewind(lastSeq, safe) {
    if ((await countBeyond(this.phone, lastSeq)) > 0) {
      this.report.broughtBack += await bringBack(this.phone, safe);
      this.report.alarms.push(`server-regressed ${lastSeq}`);
    }
    const [first] = await unsent(this.phone, { most: 1 });
    if (first !== undefined && first.seq > lastSeq + 1) {
      this.report.alarms.push(`lost-on-phone ${lastSeq + 1}`);
      const count = Math.min(first.seq - lastSeq - 1, VOIDED);
      await fillGap(this.phone, lastSeq + 1, count, newId(this.phone.clocks.wall()));
    }
  }

  /** Fewer at a time; where one alone is refused, only its escrow copy is sent. @param {string} code @param {Batch} batch */
  async #halve(code, batch) {
    if (batch.length > 1) {
      this.#most = Math.floor(batch.length / 2);
      return;
    }
    const { seq } = batch[0].one;
    this.report.alarms.push(`${code} ${seq}`);
    await sealOff(this.phone, seq, code);
    this.#most = MUTATIONS;
  }

  /**
   * Hand over the escrow copies of what cannot be pushed, and ask what became of them.
   * @param {Unsent[]} found
   * @throws {SentBefore} The server has passed them over, or has another mutation in their place.
   */
  async #askOfEscrow(found) {
    const until = found.findIndex((one) => one.raw !== null);
    const head = until === -1 ? found : found.slice(0, until);
    await sendToEscrow(this.phone, this.report, head);
    const [first, last] = [head[0].seq, head[head.length - 1].seq];
    const path = `/ack?device_id=${this.phone.here.deviceId}&from=${first}&to=${last}`;
    const asked = this.phone.clocks.mark;
    const answer = await this.phone.line.get(path, pushAnswer);
    const named = new Map(answer.results.map((result) => [result.seq, result.id]));
    if (head.some((one) => (named.get(one.seq) ?? one.id) !== one.id)) throw new SentBefore();
    const settled = await this.#settle(answer.results, answer.serverTime);
    await hear(this.phone, asked, answer, this.report);
    if (settled.length === 0) {
      // It took what comes later, and will never name these.
      if (answer.lastSeq >= last) throw new SentBefore();
      // What the server does not name, it may have lost with a backup: it is brought again at once,
      // and what was brought just now waits.
      await offerAgain(this.phone, head.map((one) => one.seq));
      if (!head.some((one) => one.escrowed)) this.report.stuck = "escrow-waits";
    }
  }
}
