// @ts-check
/**
 * The keys of a phone's own store, and the seal on what lies in it.
 *
 * The key comes from two halves: a secret that never leaves the phone, and a share that the server
 * lends for the time of a lease (`nyefamilier/vault/phone.py` derives the same). A sealed cell is
 * bound to its place: what was sealed for one row opens in no other, and not at another revision.
 * @module
 */
import { concat, utf8, uuidBytes } from "../wire/bytes.js";
import { sealingKey } from "./hkdf.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */

const STORE = utf8("nyefamilier-store/1");
const WAITING = utf8("nyefamilier-share/1");
const FORMAT = Uint8Array.of(1);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What does not open: damage, another key, another row, or another version of it. */
export class CannotOpen extends Error {
  constructor() {
    super("It cannot be opened.");
    this.name = "CannotOpen";
  }
}

/** Seals and opens the cells of one phone's store. */
export class Sealer {
  /** @type {CryptoKey} */
  #key;

  /**
   * @param {string} deviceId
   * @param {CryptoKey} key
   */
  constructor(deviceId, key) {
    this.deviceId = deviceId;
    this.#key = key;
  }

  /**
   * `bytes` sealed to this one row of this store.
   * @param {string} table
   * @param {string} id
   * @param {string} family
   * @param {number} rev
   * @param {Bytes} bytes
   * @returns {Promise<Bytes>}
   */
  async seal(table, id, family, rev, bytes) {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const how = { name: "AES-GCM", iv: nonce, additionalData: place(table, id, family, rev) };
    const text = await crypto.subtle.encrypt(how, this.#key, bytes);
    return concat(FORMAT, nonce, new Uint8Array(text));
  }

  /**
   * What was sealed to this row.
   * @param {string} table
   * @param {string} id
   * @param {string} family
   * @param {number} rev
   * @param {Bytes | null | undefined} blob
   * @returns {Promise<Bytes>}
   * @throws {CannotOpen}
   */
  async open(table, id, family, rev, blob) {
    const is_ours =
      blob instanceof Uint8Array &&
      blob.length >= FORMAT.length + NONCE_BYTES + TAG_BYTES &&
      blob[0] === FORMAT[0];
    if (!is_ours) {
      throw new CannotOpen();
    }
    const iv = blob.subarray(1, 1 + NONCE_BYTES);
    const how = { name: "AES-GCM", iv, additionalData: place(table, id, family, rev) };
    try {
      const text = await crypto.subtle.decrypt(how, this.#key, blob.subarray(1 + NONCE_BYTES));
      return new Uint8Array(text);
    } catch {
      throw new CannotOpen();
    }
  }
}

/**
 * The sealer of a store, from both halves of its key.
 * @param {string} deviceId
 * @param {Bytes} secret
 * @param {Bytes} share
 * @returns {Promise<Sealer>}
 */
export async function storeSealer(deviceId, secret, share) {
  const both = concat(secret, share);
  try {
    return new Sealer(deviceId, await sealingKey(both, concat(STORE, uuidBytes(deviceId))));
  } finally {
    both.fill(0);
  }
}

/**
 * What opens when the nurse unlocks, whatever the server has lent: the phone's half alone.
 * @param {string} deviceId
 * @param {Bytes} secret
 * @returns {Promise<Sealer>}
 */
export async function waitingSealer(deviceId, secret) {
  return new Sealer(deviceId, await sealingKey(secret, concat(WAITING, uuidBytes(deviceId))));
}

/**
 * @param {string} table
 * @param {string} id
 * @param {string} family
 * @param {number} rev
 */
function place(table, id, family, rev) {
  return utf8(["nyefamilier-cell/1", table, id, family, rev].join("\n"));
}
