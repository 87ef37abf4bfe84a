// @ts-check
/**
 * One round: everything that there is to do with the network, once.
 * @module
 */
import { StoreClosed, StoreFull } from "../store/store.js";
import { RECEIPTS } from "../wire/limits.js";
import { anyAnswer } from "./answers.js";
import { instant } from "./clocks.js";
import { cursors } from "./copies.js";
import { enrol } from "./enrolling.js";
import { isDue, openUp, renew } from "./leasing.js";
import { leaving, purge, receipted, receipts, strays } from "./leaving.js";
import { Pulling } from "./pulling.js";
import { Pushing, SentBefore } from "./pushing.js";
import { newReport } from "./report.js";
import { Stopping } from "./stopping.js";
import { Refused } from "./talking.js";
import { carryOn } from "./tokens.js";
import { Unreachable } from "./transport.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./report.js").Report} Report */
/** Where a round is; `here` of `of` families are whole on the phone. @typedef {{step: "leasing" | "pushing" | "pulling" | "purging" | "receipts", here?: number, of?: number}} Progress */
/** @typedef {(at: Progress) => void} Tell */

/** Makes rounds for one phone; it remembers from one to the next what must be remembered. */
export class Rounds {
  /** Whether the app was not ended in good order: then the rows are proved. */
  crashed = false;
  /** @type {Tell} */
  #tell = () => {};

  /**
   * @param {Phone} phone
   * @param {import("./pace.js").Pace} pace
   * @param {{name: string, maxBytes?: number}} how
   */
  constructor(phone, pace, { name, maxBytes }) {
    this.phone = phone;
    this.pace = pace;
    this.name = name;
    this.maxBytes = maxBytes;
    this.stopping = new Stopping(phone, pace, name);
  }

  /**
   * A round. It never throws for what the network or the server does.
   * @param {{tell?: Tell, asked?: boolean}} how
   * @returns {Promise<Report>}
   */
  async make({ tell = () => {}, asked = false }) {
    const report = newReport();
    this.#tell = tell;
    this.phone.line.countAnew();
    if ((asked ? this.pace.leftByServer : this.pace.left) > 0) report.stopped = "quiet";
    else await this.#unlessLocked(report);
    return this.#summedUp(report);
  }

  /** @param {Report} report */
  async #unlessLocked(report) {
    try {
      await this.#try(report);
    } catch (error) {
      // She locked the app meanwhile: what had come until then is kept.
      if (!(error instanceof StoreClosed)) throw error;
      report.stopped = "locked";
    }
  }

  /** @param {Report} report */
  async #try(report) {
    try {
      await this.#goSignedIn(report);
      this.pace.wentWell(this.phone.line.backoff);
    } catch (error) {
      if (error instanceof Unreachable) {
        report.stopped = error.code;
        this.pace.failed(error.after);
      } else if (error instanceof Refused) {
        await this.stopping.heed(error, report);
      } else if (error instanceof StoreFull) {
        report.stopped = "store-full";
        this.pace.failed(null);
      } else {
        throw error;
      }
    }
  }

  /** A token that ended between two questions is carried on, once. @param {Report} report */
  async #goSignedIn(report) {
    await openUp(this.phone);
    await carryOn(this.phone);
    try {
      await this.#go(report);
    } catch (error) {
      const isOver = error instanceof Refused && error.status === 401;
      if (!isOver || !(await carryOn(this.phone, { isOver }))) throw error;
      await this.#go(report);
    }
  }

  /** @param {Report} report */
  async #go(report) {
    this.#tell({ step: "leasing" });
    if (!(await this.#hasLease(report))) return;
    await this.#push(report);
    await this.#tellReceipts(report);
    const full = await this.#pullAsRoomIs(report);
    // What came down may have brought back what the server lost, or ask for a family whose unsent work
    // has to go up before.
    if (report.stuck === null) await this.#push(report);
    await this.#leave(report);
    await this.#tellReceipts(report);
    if (full !== null) throw full;
  }

  /** A phone that is full gets room by what is to go: that comes before the round ends. @param {Report} report @returns {Promise<StoreFull | null>} */
  async #pullAsRoomIs(report) {
    try {
      await this.#pull(report);
      return null;
    } catch (error) {
      if (error instanceof StoreFull) return error;
      throw error;
    }
  }

  /** Whether the store is open, after asking for the lease where that is due. @param {Report} report */
  async #hasLease(report) {
    await openUp(this.phone);
    if (isDue(this.phone)) await this.#renew(report);
    const { state } = this.phone.here;
    if (state === "active") this.stopping.isActive();
    else await this.stopping.giveWay(report, state);
    return this.phone.store.sealer !== null;
  }

  /** Ask for the lease. While the old one lasts, a refusal is no reason to stop. @param {Report} report */
  async #renew(report) {
    try {
      const lease = await this.#leaseOrPurge(report);
      report.leaseRenewed = lease.keyShare !== null;
      report.upgrade = lease.commands.includes("upgrade");
    } catch (error) {
      const isBorne = error instanceof Refused && error.status === 409 && this.phone.store.sealer !== null;
      if (!isBorne) throw error;
      report.alarms.push(`lease-refused ${error.code}`);
    }
  }

  /** The lease; where it is refused for a family that is overdue to go, after that is gone. @param {Report} report */
  async #leaseOrPurge(report) {
    try {
      return await renew(this.phone);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "purge-overdue") throw error;
    }
    await this.#push(report);
    await this.#pull(report);
    await this.#leave(report);
    await this.#tellReceipts(report);
    return renew(this.phone);
  }

  /** @param {Report} report */
  async #push(report) {
    this.#tell({ step: "pushing" });
    const pushing = new Pushing(this.phone, report);
    try {
      await pushing.run();
    } catch (error) {
      if (!(error instanceof SentBefore)) throw error;
      await enrol(this.phone, this.name);
      report.enrolledAnew = true;
      report.alarms.push("seq-reuse");
      await pushing.run();
    }
  }

  /** @param {Report} report */
  async #pull(report) {
    const brought = async () => this.#tell({ step: "pulling", ...(await this.#counted()) });
    const pulling = new Pulling(this.phone, report, { maxBytes: this.maxBytes, proveRows: this.crashed, brought });
    this.#tell({ step: "pulling" });
    try {
      await pulling.run();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 426) throw error;
      report.upgrade = true;
    }
    this.crashed = pulling.proveRows;
    if (this.phone.store.sealer !== null && !report.upgrade) await this.#noteAges(report);
  }

  /** All that is here is the server's newest now, except what it could not read. @param {Report} report */
  async #noteAges(report) {
    const before = await this.phone.store.told("pulled");
    const unread = report.alarms.filter((one) => one.startsWith("unreadable ")).map((one) => one.slice("unreadable ".length));
    const older = Object.fromEntries(unread.flatMap((family) => (before ? [[family, before.older[family] ?? before.at]] : [])));
    const at = instant(this.phone.clocks.wall() + (this.phone.here.offset ?? 0));
    await this.phone.durable("heard", [], (desk) => desk.tell("pulled", { at, older }));
  }

  async #counted() {
    const [here, of] = await Promise.all([cursors(this.phone), this.phone.store.count("scope")]);
    return { here: here.length, of };
  }

  /** Delete what is to go. What could not be pushed stays for the server's eyes only. @param {Report} report */
  async #leave(report) {
    this.#tell({ step: "purging" });
    const going = (await leaving(this.phone)).filter((one) => one.gone === null).map((one) => one.family);
    for (const family of [...going, ...(await strays(this.phone))]) {
      report.purged.set(family, await purge(this.phone, family));
    }
  }

  /** @param {Report} report */
  async #tellReceipts(report) {
    const told = (await receipts(this.phone)).slice(0, RECEIPTS);
    if (told.length === 0) return;
    this.#tell({ step: "receipts" });
    const body = { device_id: this.phone.here.deviceId, receipts: told };
    await this.phone.line.post("/purge-receipts", body, anyAnswer, { signed: true });
    await receipted(this.phone, told);
    report.receipts += told.length;
  }

  /** @param {Report} report */
  async #summedUp(report) {
    const { requests, up, down } = this.phone.line.traffic;
    const left = this.phone.erased ? 0 : await this.phone.store.count("outbox");
    return Object.assign(report, { wait: this.pace.left, requests, bytesUp: up, bytesDown: down, unsent: left });
  }
}
