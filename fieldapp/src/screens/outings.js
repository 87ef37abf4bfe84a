// @ts-check
// Keeps the outing on the phone, and tells the base in each round until it has all of it.

import { body, heard, isOver, isToTell } from "../shown/outing.js";

/** @typedef {import("../shown/outing.js").Outing} Outing */
/** @typedef {import("../client/client.js").Client} Client */
/** @typedef {import("../client/drafts.js").Drafts} Drafts */

const KEY = "outing";

/** The one outing that goes on, or whose end the base has not heard of. */
export class Outings {
  /** @type {Outing | null} */
  now = null;

  /** @param {Client} client @param {Drafts} drafts @param {() => Date} clock */
  constructor(client, drafts, clock) {
    this.client = client;
    this.drafts = drafts;
    this.clock = clock;
  }

  /** Read it anew, after unlocking. */
  async load() {
    this.now = /** @type {Outing | null} */ ((await this.drafts.read(KEY)) ?? null);
  }

  /** Forget it in memory; it stays on the phone. */
  lock() {
    this.now = null;
  }

  /** On the phone when this resolves. @param {Outing} outing */
  async keep(outing) {
    await this.drafts.write(KEY, outing);
    this.now = outing;
  }

  /** Tell the base, if there is something to tell. What does not get through is told in the next round. */
  async tell() {
    const told = this.now;
    if (!told || !isToTell(told)) return;
    await this.client.tell("PUT", `/api/v1/safety/outings/${told.id}`, body(told, this.clock().getTime()));
    if (this.now?.id !== told.id) return;
    const known = heard(this.now, told.step);
    if (isOver(known)) {
      await this.drafts.forget(KEY);
      this.now = null;
    } else await this.keep(known);
  }
}
