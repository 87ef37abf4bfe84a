// @ts-check
/**
 * Texts that the nurse has begun and not saved, sealed like everything else: under the store's key
 * while the lease lasts, under the phone's own half when it is over.
 * @module
 */
import { StoreClosed } from "../store/store.js";
import { CannotOpen } from "../vault/store_key.js";
import { fromUtf8, utf8 } from "../wire/bytes.js";
import { Turns } from "./turns.js";

/** @typedef {import("../store/store.js").Store} Store */
/** @typedef {{key: string, by: "store" | "waiting", sealed: import("../wire/bytes.js").Bytes}} Row */

/** The drafts of one phone, each by a key of its screen's choosing; a value is whatever JSON carries. */
export class Drafts {
  #store;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** What was written under a key; null if nothing was, or it cannot be opened now. @param {string} key @returns {Promise<any>} */
  async read(key) {
    const row = await this.#store.get("draft", key);
    return row === undefined ? null : this.#opened(row);
  }

  /**
   * Keep a value; it is on the disk when this resolves.
   * @param {string} key
   * @param {unknown} value
   * @param {{outlivesLease?: boolean}} [how] Under the phone's own half always: it is needed when the lease is over, too.
   * @throws {StoreClosed | import("../store/store.js").StoreFull} Nothing was kept.
   */
  write(key, value, { outlivesLease = false } = {}) {
    const bytes = utf8(JSON.stringify(value));
    return Turns.of(this.#store).take(async () => {
      const by = outlivesLease || this.#store.sealer === null ? "waiting" : "store";
      const sealer = by === "waiting" ? this.#store.waiting : this.#store.sealer;
      if (sealer === null) throw new StoreClosed();
      const sealed = await sealer.seal("draft", key, sealer.deviceId, 0, bytes);
      await this.#store.durable("drafted", ["draft"], (tx) => tx.objectStore("draft").put({ key, by, sealed }));
    });
  }

  /** Delete a draft: it was saved, or thrown away. @param {string} key */
  forget(key) {
    return Turns.of(this.#store).take(async () => {
      await this.#store.durable("drafted", ["draft"], (tx) => tx.objectStore("draft").delete(key));
    });
  }

  /** Every draft; its value is null where it cannot be opened now. @returns {Promise<{key: string, value: any}[]>} */
  async all() {
    const rows = await this.#store.all("draft");
    return Promise.all(rows.map(async (row) => ({ key: row.key, value: await this.#opened(row) })));
  }

  /** @param {Row} row @returns {Promise<any>} */
  async #opened({ key, by, sealed }) {
    const sealer = by === "store" ? this.#store.sealer : this.#store.waiting;
    if (sealer === null) return null;
    try {
      return JSON.parse(fromUtf8(await sealer.open("draft", key, sealer.deviceId, 0, sealed)));
    } catch (error) {
      if (error instanceof CannotOpen) return null;
      throw error;
    }
  }
}
