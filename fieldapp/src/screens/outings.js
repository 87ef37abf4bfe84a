// @ts-check
// Keeps outings on the phone, and tells the base in each round until it has all of them.

import { body, heard, isOver, isToTell, knownToBase } from "../shown/outing.js";

/** @typedef {import("../shown/outing.js").Outing} Outing */
/** @typedef {import("../client/client.js").Client} Client */
/** @typedef {import("../client/drafts.js").Drafts} Drafts */

const KEY = "outings";
const PATH = "/api/v1/safety/outings";

/**
 * The outing that goes on, and those whose end the base has not heard of: she may go in at the next
 * family before there is a network again.
 */
export class Outings {
  /** @type {Outing[]} */
  #all = [];
  /** @type {Promise<unknown>} One change after the other: a round may end while she checks out. */
  #last = Promise.resolve();
  #locks = 0;
  #asked = false;
  /** @type {Set<string>} All that were here since the app was opened: what the base says of them is older than what we know. */
  #met = new Set();

  /** @param {Client} client @param {Drafts} drafts @param {() => Date} clock */
  constructor(client, drafts, clock) {
    this.client = client;
    this.drafts = drafts;
    this.clock = clock;
  }

  /** The one that goes on. @returns {Outing | null} */
  get now() {
    return this.#all.find(isOut) ?? null;
  }

  /** Whether the base has still to hear that she came out somewhere. */
  get waits() {
    return this.#all.some((one) => !isOut(one));
  }

  /** Read them anew, after unlocking. */
  async load() {
    this.#all = /** @type {Outing[]} */ ((await this.drafts.read(KEY)) ?? []);
    this.#asked = false;
    this.#meet();
  }

  /** Forget them in memory; they stay on the phone. */
  lock() {
    this.#locks += 1;
    this.#all = [];
  }

  /** On the phone when this resolves. @param {Outing} outing */
  keep(outing) {
    return this.#change((all) => {
      const known = all.find((one) => one.id === outing.id);
      const rest = all.filter((one) => one !== known);
      return [...rest, known ? heard(outing, known.told) : outing];
    });
  }

  /**
   * Tell the base what there is to tell, the oldest first, and ask it once what else it knows. What does not get through is told in the next round.
   * @returns {Promise<boolean>} Whether all of it got through.
   */
  async tell() {
    let all = true;
    for (const one of this.#all.filter(isToTell)) {
      try {
        const { state } = (await this.client.tell("PUT", `${PATH}/${one.id}`, body(one, this.clock().getTime()))) ?? {};
        await this.#change((all) => all.map((each) => (each.id === one.id ? heard(each, one.step) : each)).filter((each) => !isOver(each) && !(each.id === one.id && state === "back")));
      } catch (error) {
        // What the server will not have stops no other.
        if (/** @type {any} */ (error)?.isForLater !== false) throw error;
        all = false;
      }
    }
    if (!this.#asked) await this.learn();
    return all;
  }

  /**
   * Ask the base what it knows of her: a phone that was set up anew does not know it, and must be able to end it.
   * @returns {Promise<boolean>} Whether there was one that was not here.
   */
  async learn() {
    const { items } = await this.client.look(PATH);
    const others = items.filter((/** @type {{ id: string, state: string }} */ one) => one.state !== "back" && !this.#met.has(one.id)).map(knownToBase);
    if (others.length > 0) await this.#change((all) => [...all, ...others]);
    this.#asked = true;
    return others.length > 0;
  }

  #meet() {
    for (const one of this.#all) this.#met.add(one.id);
  }

  /** @param {(all: Outing[]) => Outing[]} change */
  #change(change) {
    const locks = this.#locks;
    const work = async () => {
      if (locks !== this.#locks) throw new Error("The app was locked meanwhile.");
      const all = change(this.#all);
      await (all.length > 0 ? this.drafts.write(KEY, all, { outlivesLease: true }) : this.drafts.forget(KEY));
      if (locks === this.#locks) this.#all = all;
      this.#meet();
    };
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** @param {Outing} outing */
function isOut(outing) {
  return outing.ended === null;
}
