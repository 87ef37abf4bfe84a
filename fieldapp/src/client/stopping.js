// @ts-check
/**
 * What a phone does when the server refuses it: it gives way, hands over, is erased, or asks again later.
 * @module
 */
import { HANDED_OVER } from "../wire/limits.js";
import { anyAnswer } from "./answers.js";
import { OtherNurse, enrol } from "./enrolling.js";
import { askWhatToDo, sendToEscrow } from "./escrowing.js";
import { beginWipe, close, endWipe, renew } from "./leasing.js";
import { bringBack, offerAgain, unsent } from "./outbox.js";
import { Refused } from "./talking.js";
import { Unreachable } from "./transport.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./standing.js").State} State */

/** @type {Readonly<Record<string, State>>} */
const STOPPED = { "device-locked": "locked", "device-wipe": "wipe" };
/** @type {Readonly<Record<string, State>>} */
const COMMANDED = { lock: "locked", wipe: "wipe" };

/** Heeds refusals for one phone; it remembers from one to the next what must be remembered. */
export class Stopping {
  #calledBack = false;

  /**
   * @param {Phone} phone
   * @param {import("./pace.js").Pace} pace
   * @param {string} name What she calls the phone.
   */
  constructor(phone, pace, name) {
    this.phone = phone;
    this.pace = pace;
    this.name = name;
  }

  /** The phone is in use: if it is stopped again, everything is handed over again. */
  isActive() {
    this.#calledBack = false;
  }

  /** Do what a refusal asks for. @param {Refused} refused @param {Report} report */
  async heed(refused, report) {
    report.stopped = refused.code;
    if (refused.code in STOPPED) {
      await this.#stopped(STOPPED[refused.code], report);
    } else if (refused.code === "wrong-device") {
      await this.#lostByServer(report);
    } else if (refused.code === "signature") {
      await this.#askWhoWeAre(report);
    } else if (refused.code === "lease-lapsed") {
      await close(this.phone); // the next round begins with asking for another share
    } else if (refused.isForLater || refused.code === "content-digest") {
      this.pace.failed(refused.after);
    } else if (refused.status === 401) {
      await this.#askWhatToDo(report);
    } else {
      report.puzzled = true;
      this.pace.puzzled(refused.after);
    }
  }

  /** @param {State} state @param {Report} report */
  async #stopped(state, report) {
    await close(this.phone, state);
    await this.#unlessFailing(() => this.giveWay(report, state));
  }

  /** The phone is locked or to be wiped: first what is unsent goes where it is safe. @param {Report} report @param {State} state */
  async giveWay(report, state) {
    report.stopped = state === "wipe" ? "device-wipe" : "device-locked";
    await this.#callBack();
    if (state === "wipe") await beginWipe(this.phone);
    await sendToEscrow(this.phone, report);
    if (state === "wipe" && (await unsent(this.phone)).every((one) => one.escrowed)) await this.#erase(report);
  }

  /**
   * Hand over what the server has named too, as far as no verified backup has it yet. A stopped phone
   * pushes and pulls no more, so it cannot hear that the server was restored; of what comes again, the
   * server keeps nothing twice. Once a start is often enough.
   */
  async #callBack() {
    if (this.#calledBack) return;
    await offerAgain(this.phone, (await unsent(this.phone)).map((one) => one.seq));
    await bringBack(this.phone, this.phone.here.durableSeq);
    this.#calledBack = true;
  }

  /** @param {Report} report */
  async #erase(report) {
    const left = await unsent(this.phone);
    const body = { device_id: this.phone.here.deviceId, handed_over: left.slice(-HANDED_OVER).map((one) => one.id) };
    try {
      await this.phone.line.post("/wipe-receipt", body, anyAnswer, { signed: true });
    } catch (error) {
      // It was restored, and is not as it was when it took them.
      if (error instanceof Refused && error.status === 409) await offerAgain(this.phone, left.map((one) => one.seq));
      throw error;
    }
    // What is left goes now that the server has said that it has it, and the key last.
    await endWipe(this.phone);
    await this.phone.erase();
    report.erased = true;
  }

  /** Nobody is signed in: by the device's own key the phone still hears of lock and wipe. @param {Report} report */
  async #askWhatToDo(report) {
    await this.#unlessFailing(async () => {
      const commands = await askWhatToDo(this.phone);
      for (const [command, state] of Object.entries(COMMANDED)) {
        if (commands.includes(command)) await this.#stopped(state, report);
      }
    });
  }

  /** The server knows no such key: who is signed in is told whether it knows the device. @param {Report} report */
  async #askWhoWeAre(report) {
    await this.#unlessFailing(async () => {
      try {
        await renew(this.phone);
        this.pace.puzzled(null);
      } catch (error) {
        if (!(error instanceof Refused && error.code === "wrong-device")) throw error;
        await this.#lostByServer(report);
      }
    });
  }

  /** The server does not know the device: it was restored from before, or another nurse signed in. `enrol` tells the two apart. @param {Report} report */
  async #lostByServer(report) {
    await this.#unlessFailing(async () => {
      await enrol(this.phone, this.name);
      report.enrolledAnew = true;
      report.alarms.push("device-unknown");
    });
  }

  /** @param {() => Promise<void>} act */
  async #unlessFailing(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused || error instanceof OtherNurse)) throw error;
      this.pace.failed("after" in error ? error.after : null);
    }
  }
}
