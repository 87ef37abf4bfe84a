// @ts-check
/**
 * HKDF-SHA256 (RFC 5869) on WebCrypto.
 * @module
 */
/** @typedef {import("../wire/bytes.js").Bytes} Bytes */

/**
 * A key that seals and opens, from `material`. It cannot be exported, and is never stored: what
 * cannot be exported still lies in the clear in the files of a browser that stores it.
 * @param {Bytes} material
 * @param {Bytes} purpose
 * @returns {Promise<CryptoKey>} AES-256-GCM.
 */
export async function sealingKey(material, purpose) {
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: purpose };
  const what = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, what, false, ["encrypt", "decrypt"]);
}
