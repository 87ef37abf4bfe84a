// @ts-check
/**
 * What proves that a request is this phone's, where nobody needs to be signed in for it: ECDSA on
 * P-256 over four lines, as `docs/devices.md` has them.
 * @module
 */
import { hex, sha256, utf8 } from "../wire/bytes.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const HOW = { name: "ECDSA", hash: "SHA-256" };

/**
 * A new key pair. The private half is overwritten by whoever has sealed it.
 * @returns {Promise<{publicKey: Bytes, privateKey: Bytes}>} SubjectPublicKeyInfo and PKCS #8, in DER.
 */
export async function newSigning() {
  const pair = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
    privateKey: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
  };
}

/**
 * The public half of a private key: SubjectPublicKeyInfo in DER.
 * @param {Bytes} privateKey PKCS #8 in DER.
 * @returns {Promise<Bytes>}
 */
export async function publicKeyOf(privateKey) {
  const known = await crypto.subtle.importKey("pkcs8", privateKey, P256, true, ["sign"]);
  const { d: _, key_ops: __, ...open } = await crypto.subtle.exportKey("jwk", known);
  const publicKey = await crypto.subtle.importKey("jwk", open, P256, true, ["verify"]);
  return new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
}

/**
 * What signs with a key that cannot be exported again.
 * @param {Bytes} privateKey PKCS #8 in DER.
 * @returns {Promise<(bytes: Bytes) => Promise<Bytes>>} Gives `r || s`, 64 bytes.
 */
export async function signer(privateKey) {
  const key = await crypto.subtle.importKey("pkcs8", privateKey, P256, false, ["sign"]);
  return async (bytes) => new Uint8Array(await crypto.subtle.sign(HOW, key, bytes));
}

/**
 * The bytes whose signature travels as `Sync-Signature`.
 * @param {string} method In capital letters.
 * @param {string} path Without the query.
 * @param {Bytes} body As it travels.
 * @returns {Promise<Bytes>}
 */
export async function signedLines(method, path, body) {
  return utf8(["nyefamilier-request/1", method, path, hex(await sha256(body))].join("\n"));
}
