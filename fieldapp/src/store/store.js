// @ts-check
/**
 * A phone's store: one database, one writer, and every durable step through one hook.
 *
 * A transaction of IndexedDB ends as soon as it is not asked for anything, so nothing else may be
 * awaited in it: what is written is sealed before it begins.
 * @module
 */
import { deleteDB, openDB } from "/static/vendor/idb/idb.js";

import { storeSealer, waitingSealer } from "../vault/store_key.js";
import { TABLES, VERSION, layOut } from "./schema.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("../vault/store_key.js").Sealer} Sealer */
/** @typedef {import("./schema.js").Table} Table */
/** @typedef {import("./steps.js").Step} Step */
/** @typedef {import("./steps.js").Hook} Hook */
/** @typedef {import("idb").IDBPTransaction<unknown, Table[], "readwrite">} Transaction */

export const DATABASE = "nyefamilier-felt";

/** There is no room on the phone, or the browser gives us none; nothing of it was kept. */
export class StoreFull extends Error {
  constructor() {
    super("There is no room left on the phone. Nothing of this was kept.");
    this.name = "StoreFull";
  }
}

/** The browser keeps nothing: a private window, or storage that was switched off. */
export class NoStore extends Error {
  /** @param {string} why */
  constructor(why) {
    super(`The browser has no store for us: ${why}.`);
    this.name = "NoStore";
  }
}

/** What lies sealed cannot be read just now: the lease has run out, or the app is locked. */
export class StoreClosed extends Error {
  constructor() {
    super("The store is closed.");
    this.name = "StoreClosed";
  }
}

/**
 * Open the store, or make it.
 * @param {string} [name]
 * @param {{hook?: Hook, onReplaced?: () => void}} [options] `onReplaced` is told that another tab
 *   has a newer app, or erases the store: this one is closed.
 * @returns {Promise<Store>}
 * @throws {NoStore}
 */
export async function openStore(name = DATABASE, { hook = () => {}, onReplaced = () => {} } = {}) {
  try {
    const database = await openDB(name, VERSION, {
      upgrade: (opened) => layOut(opened),
      blocking: (_from, _to, event) => {
        /** @type {IDBDatabase} */ (event.target).close();
        onReplaced();
      },
      terminated: onReplaced,
    });
    return new Store(name, database, hook);
  } catch (error) {
    throw new NoStore(error instanceof Error ? error.name : "unknown");
  }
}

/** The database, and the keys of what lies in it while it is unlocked. */
export class Store {
  #database;
  #hook;
  /** @type {Bytes | null} The phone's own half, which a new share makes a new key with. */
  #secret = null;
  /** @type {Sealer | null} Opens families and what is unsent, while there is a lease. */
  sealer = null;
  /** @type {Sealer | null} Opens what the phone's half alone opens. */
  waiting = null;

  /**
   * @param {string} name
   * @param {import("idb").IDBPDatabase} database
   * @param {Hook} hook
   */
  constructor(name, database, hook) {
    this.name = name;
    this.#database = database;
    this.#hook = hook;
  }

  /**
   * One transaction: on the disk when this resolves, or not there at all.
   * @template T
   * @param {Step} step
   * @param {Table[]} tables
   * @param {(tx: Transaction) => Promise<T> | T} write Awaits nothing but the transaction's requests.
   * @returns {Promise<T>}
   * @throws {StoreFull}
   */
  async durable(step, tables, write) {
    await this.#hook(`${step}.before`);
    const tx = this.#database.transaction(tables, "readwrite", { durability: "strict" });
    // Whatever goes wrong is told by what is awaited below, once.
    tx.done.catch(() => {});
    /** @type {T} */
    let made;
    try {
      made = await write(tx);
      const stop = this.#hook(`${step}.written`);
      if (stop instanceof Promise) {
        throw new TypeError("A hook in a transaction cannot be awaited.");
      }
    } catch (error) {
      abort(tx);
      throw asFull(error);
    }
    await tx.done.catch((/** @type {unknown} */ error) => {
      throw asFull(error);
    });
    await this.#hook(`${step}.done`);
    return made;
  }

  /**
   * One row by its key, or undefined.
   * @param {Table} table
   * @param {IDBValidKey} key
   * @returns {Promise<any>}
   */
  get(table, key) {
    return this.#database.get(table, key);
  }

  /**
   * Rows in the order of their keys.
   * @param {Table} table
   * @param {string | null} [index]
   * @param {IDBValidKey | IDBKeyRange} [where]
   * @param {number} [most]
   * @returns {Promise<any[]>}
   */
  all(table, index = null, where, most) {
    return index === null
      ? this.#database.getAll(table, where, most)
      : this.#database.getAllFromIndex(table, index, where, most);
  }

  /**
   * How many rows there are.
   * @param {Table} table
   * @param {string | null} [index]
   * @param {IDBValidKey | IDBKeyRange} [where]
   * @returns {Promise<number>}
   */
  count(table, index = null, where) {
    return index === null
      ? this.#database.count(table, where)
      : this.#database.countFromIndex(table, index, where);
  }

  /**
   * What was last written under a name.
   * @param {string} name
   * @returns {Promise<any>}
   */
  async told(name) {
    return (await this.get("meta", name))?.value;
  }

  /**
   * Where the phone stands; null before it is enrolled, and after a wipe.
   * @returns {Promise<any>}
   */
  async standing() {
    return (await this.told("standing")) ?? null;
  }

  /** Whether the phone's own half is here. */
  get isUnlocked() {
    return this.#secret !== null;
  }

  /**
   * Take the phone's own half in; it is ours from now on, and overwritten when it is forgotten.
   * @param {string} deviceId
   * @param {Bytes} secret
   */
  async unlock(deviceId, secret) {
    const waiting = await waitingSealer(deviceId, secret);
    // Given again, it must not be overwritten: what is sealed then would never open.
    if (this.#secret === secret) this.#secret = null;
    this.lock();
    this.#secret = secret;
    this.waiting = waiting;
  }

  /**
   * What a share opens, together with our half.
   * @param {string} deviceId
   * @param {Bytes} share
   * @returns {Promise<Sealer>}
   * @throws {StoreClosed} The app is locked.
   */
  sealerOf(deviceId, share) {
    if (this.#secret === null) {
      return Promise.reject(new StoreClosed());
    }
    return storeSealer(deviceId, this.#secret, share);
  }

  /**
   * What opens under another device id, which the phone is about to have.
   * @param {string} deviceId
   * @returns {Promise<Sealer>}
   * @throws {StoreClosed} The app is locked.
   */
  waitingOf(deviceId) {
    if (this.#secret === null) {
      return Promise.reject(new StoreClosed());
    }
    return waitingSealer(deviceId, this.#secret);
  }

  /**
   * The sealer of what lies here, for whoever cannot go on without it.
   * @returns {Sealer}
   * @throws {StoreClosed}
   */
  get opened() {
    if (this.sealer === null) {
      throw new StoreClosed();
    }
    return this.sealer;
  }

  /** Forget every key. */
  lock() {
    this.#secret?.fill(0);
    this.#secret = null;
    this.sealer = null;
    this.waiting = null;
  }

  /** Give the database back, and forget its keys. */
  close() {
    this.lock();
    this.#database.close();
  }

  /**
   * Delete the store with everything in it. A tab that sleeps with it open cannot hold this up: nothing
   * is left in it by then, and the browser deletes it when that tab is gone.
   * @returns {Promise<void>}
   */
  async erase() {
    // Emptied first: while another tab has it open, a deletion waits.
    const tables = /** @type {Table[]} */ (Object.keys(TABLES));
    const tx = this.#database.transaction(tables, "readwrite", { durability: "strict" });
    await Promise.all([...tables.map((table) => tx.objectStore(table).clear()), tx.done]);
    this.close();
    await new Promise((resolve, reject) => {
      deleteDB(this.name, { blocked: () => resolve(undefined) }).then(resolve, reject);
    });
    await this.#hook("erased.done");
  }
}

/** @param {Transaction} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // It has ended by itself: what was asked for last failed.
  }
}

/** @param {unknown} error */
function asFull(error) {
  const full = error instanceof DOMException && error.name === "QuotaExceededError";
  return full ? new StoreFull() : error;
}
