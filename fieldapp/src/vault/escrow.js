// @ts-check
/**
 * Unsent work sealed to the server's public key, which the phone itself cannot open again: HPKE
 * (RFC 9180), base mode, single shot; DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * Our own, on WebCrypto: the one library that is kept for this imports its parts by bare names, which
 * a page without a build and without inline scripts cannot resolve. A test opens what it seals with
 * the server's own opener, which another test holds against the protocol's values.
 * @module
 */
import { concat, utf8, uuidBytes } from "../wire/bytes.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */

const INFO = utf8("nyefamilier-escrow/1");
const VERSION = utf8("HPKE-v1");
const KEM_SUITE = concat(utf8("KEM"), Uint8Array.of(0, 0x10));
const SUITE = concat(utf8("HPKE"), Uint8Array.of(0, 0x10, 0, 1, 0, 2));
const BASE_MODE = Uint8Array.of(0);
const EMPTY = new Uint8Array(0);
/** HMAC pads its key with zeros; WebCrypto takes no key that is empty. */
const NO_SALT = new Uint8Array(32);
const P256 = { name: "ECDH", namedCurve: "P-256" };
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/**
 * `bytes` sealed to the server under a mutation's id: the KEM's 65 bytes, then the ciphertext.
 * @param {Bytes} publicKey SubjectPublicKeyInfo in DER, as the server told it.
 * @param {string} mutationId
 * @param {Bytes} bytes
 * @param {CryptoKeyPair} [ephemeral] For tests; a new pair unless given.
 * @returns {Promise<Bytes>}
 */
export async function sealToEscrow(publicKey, mutationId, bytes, ephemeral) {
  const theirs = await crypto.subtle.importKey("spki", publicKey, P256, true, []);
  const ours = ephemeral ?? (await crypto.subtle.generateKey(P256, false, ["deriveBits"]));
  const enc = await pointOf(ours.publicKey);
  const shared = await agreed(ours.privateKey, theirs, concat(enc, await pointOf(theirs)));
  const { key, nonce } = await schedule(shared, concat(INFO, uuidBytes(mutationId)));
  const how = { name: "AES-GCM", iv: nonce };
  const text = await crypto.subtle.encrypt(how, key, bytes);
  return concat(enc, new Uint8Array(text));
}

/** @param {CryptoKey} key */
async function pointOf(key) {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/**
 * `ExtractAndExpand` of section 4.1, over what both sides can work out.
 * @param {CryptoKey} privateKey
 * @param {CryptoKey} publicKey
 * @param {Bytes} context
 */
async function agreed(privateKey, publicKey, context) {
  const how = { name: "ECDH", public: publicKey };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, privateKey, 256));
  const prk = await extract(KEM_SUITE, NO_SALT, "eae_prk", bits);
  bits.fill(0);
  const shared = await expand(KEM_SUITE, prk, "shared_secret", context, KEY_BYTES);
  prk.fill(0);
  return shared;
}

/**
 * `KeySchedule` of section 5.1 without a pre-shared key.
 * @param {Bytes} shared
 * @param {Bytes} info
 */
async function schedule(shared, info) {
  const context = concat(
    BASE_MODE,
    await extract(SUITE, NO_SALT, "psk_id_hash", EMPTY),
    await extract(SUITE, NO_SALT, "info_hash", info),
  );
  const secret = await extract(SUITE, shared, "secret", EMPTY);
  shared.fill(0);
  const raw = await expand(SUITE, secret, "key", context, KEY_BYTES);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  raw.fill(0);
  const nonce = await expand(SUITE, secret, "base_nonce", context, NONCE_BYTES);
  secret.fill(0);
  return { key, nonce };
}

/**
 * `LabeledExtract` of section 4.
 * @param {Bytes} suite
 * @param {Bytes} salt
 * @param {string} label
 * @param {Bytes} material
 */
function extract(suite, salt, label, material) {
  return hmac(salt, concat(VERSION, suite, utf8(label), material));
}

/**
 * `LabeledExpand` of section 4, for at most 32 bytes: one block of HKDF.
 * @param {Bytes} suite
 * @param {Bytes} prk
 * @param {string} label
 * @param {Bytes} info
 * @param {number} length
 */
async function expand(suite, prk, label, info, length) {
  const labelled = concat(Uint8Array.of(0, length), VERSION, suite, utf8(label), info);
  const block = await hmac(prk, concat(labelled, Uint8Array.of(1)));
  return block.slice(0, length);
}

/**
 * @param {Bytes} key
 * @param {Bytes} text
 */
async function hmac(key, text) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, text));
}
