// @ts-check
/**
 * How a body tells that it arrived whole: the `Content-Digest` header (RFC 9530 section 2).
 * @module
 */
import { base64, sha256 } from "./bytes.js";

const SHA_256 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?=,|;|$)/u;

/**
 * The header's value for a body as it travels.
 * @param {import("./bytes.js").Bytes} body
 * @returns {Promise<string>}
 */
export async function contentDigest(body) {
  return `sha-256=:${base64(await sha256(body))}:`;
}

/**
 * Whether a body is what its header says. A header that tells of other algorithms only says nothing.
 * @param {import("./bytes.js").Bytes} body
 * @param {string | null | undefined} header
 * @returns {Promise<boolean>}
 */
export async function isWhole(body, header) {
  const told = header ? SHA_256.exec(header) : null;
  return told === null || base64(await sha256(body)) === told[1];
}
