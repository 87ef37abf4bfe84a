// @ts-check
/**
 * Identifiers that a phone makes without asking anybody.
 * @module
 */
import { hex } from "./bytes.js";

/**
 * A UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits (RFC 9562 section 5.7).
 * @param {number} [now] Milliseconds since 1970.
 * @returns {string} In lower case.
 */
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32) % 2 ** 16);
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const digits = hex(bytes);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join("-");
}
