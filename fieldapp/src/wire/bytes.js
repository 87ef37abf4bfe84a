// @ts-check
/**
 * Bytes, and how they are written: UTF-8, base64url without padding (RFC 4648 section 5), hexadecimal.
 * @module
 */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true });
const UUID_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const BASE64URL_TEXT = /^[A-Za-z0-9_-]*$/u;
/** `String.fromCharCode` takes its characters as arguments, of which there cannot be too many. */
const AT_A_TIME = 8192;

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function utf8(text) {
  return ENCODER.encode(text);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {TypeError} They are no UTF-8.
 */
export function fromUtf8(bytes) {
  return DECODER.decode(bytes);
}

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Bytes as they travel in JSON.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function b64url(bytes) {
  return base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/[=]+$/u, "");
}

/**
 * Bytes in ordinary base64, as headers have them.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_A_TIME) {
    text += String.fromCharCode(...bytes.subarray(at, at + AT_A_TIME));
  }
  return btoa(text);
}

/**
 * The bytes of what travelled.
 * @param {string} text
 * @returns {Bytes}
 * @throws {RangeError} It is not base64url without padding, or not the one way to write its bytes.
 */
export function fromB64url(text) {
  if (!BASE64URL_TEXT.test(text) || text.length % 4 === 1) {
    throw new RangeError("not base64url");
  }
  const found = Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")),
    (character) => character.charCodeAt(0),
  );
  if (b64url(found) !== text) {
    throw new RangeError("not base64url");
  }
  return found;
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} In lower case.
 */
export function hex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/**
 * The 16 bytes of an id.
 * @param {string} id A UUID in lower case.
 * @returns {Bytes}
 * @throws {RangeError} It is none.
 */
export function uuidBytes(id) {
  if (!UUID_TEXT.test(id)) {
    throw new RangeError("not a UUID in lower case");
  }
  const digits = id.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, place) =>
    Number.parseInt(digits.slice(place * 2, place * 2 + 2), 16),
  );
}

/**
 * A whole number as eight bytes, the highest first.
 * @param {number} number Below 2^53, as all that travel.
 * @returns {Bytes}
 */
export function u64(number) {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError("not a whole number below 2^53");
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/**
 * Whether two runs of bytes are the same. Not for secrets: it stops at the first difference.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {boolean}
 */
export function equal(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>} 32 bytes.
 */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
