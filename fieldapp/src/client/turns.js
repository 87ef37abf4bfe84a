// @ts-check
/**
 * One after the other: a transaction of IndexedDB cannot wait for a seal, so what is sealed for a
 * place that is read before must not lose that place to another writer meanwhile.
 * @module
 */

/** @type {WeakMap<object, Turns>} */
const KNOWN = new WeakMap();

/** The turns of one store. */
export class Turns {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** The turns of a store, the same for all who write to it. @param {object} store @returns {Turns} */
  static of(store) {
    const turns = KNOWN.get(store) ?? new Turns();
    KNOWN.set(store, turns);
    return turns;
  }

  /**
   * Do *work* when all that was asked for before is done. Work must not ask for another turn.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  take(work) {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}
