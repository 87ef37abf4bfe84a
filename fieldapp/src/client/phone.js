// @ts-check
/**
 * What all parts of the client work on: the store, the clocks, the line, and where the phone stands.
 * @module
 */
import { StoreClosed } from "../store/store.js";
import { NotEnrolled } from "./standing.js";
import { Turns } from "./turns.js";

/** @typedef {import("../store/store.js").Store} Store */
/** @typedef {import("../store/schema.js").Table} Table */
/** @typedef {import("./standing.js").Standing} Standing */

/** One transaction, with where the phone stands as it is read and written in it. */
export class Desk {
  #tx;
  /** @type {Standing | null} */
  standing = null;

  /** @param {import("../store/store.js").Transaction} tx */
  constructor(tx) {
    this.#tx = tx;
  }

  /** @param {Table} name */
  table(name) {
    return this.#tx.objectStore(name);
  }

  /** Where the phone stands. @returns {Standing} @throws {NotEnrolled} */
  get standingHere() {
    if (this.standing === null) throw new NotEnrolled();
    return this.standing;
  }

  /** Write where the phone stands now. @param {Partial<Standing>} change @returns {Promise<unknown>} */
  stand(change) {
    this.standing = { ...this.standingHere, ...change };
    return this.tell("standing", this.standing);
  }

  /** Write a value under a name, in place of what was there. @param {string} name @param {unknown} value @returns {Promise<unknown>} */
  tell(name, value) {
    return this.table("meta").put({ name, value });
  }
}

/** The phone. */
export class Phone {
  /** @type {Standing | null} As it was written last. */
  standing = null;
  erased = false;

  /**
   * @param {Store} store
   * @param {import("./clocks.js").Clocks} clocks
   * @param {import("./talking.js").Line} line
   */
  constructor(store, clocks, line) {
    this.store = store;
    this.clocks = clocks;
    this.line = line;
    /** For what is read, worked out and then written: nothing else may write in between. */
    this.turns = Turns.of(store);
  }

  /** Where the phone stands. @returns {Standing} @throws {NotEnrolled} */
  get here() {
    if (this.standing === null) throw new NotEnrolled();
    return this.standing;
  }

  /** What opens by the phone's own half. @returns {import("../vault/store_key.js").Sealer} @throws {StoreClosed} */
  get waiting() {
    if (this.store.waiting === null) throw new StoreClosed();
    return this.store.waiting;
  }

  /** Read anew where the phone stands: another tab may have had the store. */
  async look() {
    this.standing = this.erased ? null : await this.store.standing();
  }

  /** Delete the store; nothing can be written any more. */
  async erase() {
    await this.store.erase();
    this.erased = true;
    this.standing = null;
  }

  /**
   * One durable step.
   * @template T
   * @param {import("../store/steps.js").Step} step
   * @param {Table[]} tables Beside `meta`, which every step may read and write.
   * @param {(desk: Desk) => Promise<T> | T} write Awaits nothing but the transaction's requests.
   * @returns {Promise<T>}
   */
  async durable(step, tables, write) {
    /** @type {Desk | null} */
    let desk = null;
    const made = await this.store.durable(step, ["meta", ...tables], async (tx) => {
      desk = new Desk(tx);
      desk.standing = (await desk.table("meta").get("standing"))?.value ?? null;
      return write(desk);
    });
    this.standing = /** @type {Desk} */ (/** @type {unknown} */ (desk)).standing;
    return made;
  }
}

/**
 * All keys of a table that begin with one part.
 * @param {string} first
 * @returns {IDBKeyRange}
 */
export function under(first) {
  // Of keys, lists come after all texts and numbers.
  return IDBKeyRange.bound([first], [first, []]);
}
