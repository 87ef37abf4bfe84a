// @ts-check
/**
 * What is said to the server and what is believed of its answers.
 *
 * Nothing is believed that is not whole and not the server's own: a body whose digest is wrong, that
 * is cut off, or that a network's sign-in page sent in its place counts as no answer at all.
 * @module
 */
import { StoreClosed } from "../store/store.js";
import { signedLines } from "../vault/signing.js";
import { b64url, fromUtf8, utf8 } from "../wire/bytes.js";
import { contentDigest, isWhole } from "../wire/digests.js";
import { accountAnswer, anyAnswer, results, tokenAnswer } from "./answers.js";
import { Unreachable } from "./transport.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("./transport.js").Got} Got */
/** @typedef {(bytes: Bytes) => Promise<Bytes>} Signer */

export const BASE = "/api/v1/sync";
/** A shorter body gets longer by packing, or hardly shorter. */
const PACK_FROM = 1024;

/** The server understood and declined. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {any} problem The problem document (RFC 9457), with what the sync endpoints add to it.
   * @param {number | null} after
   */
  constructor(status, problem, after) {
    super(problem.code);
    this.name = "Refused";
    this.status = status;
    this.problem = problem;
    this.after = after;
    /** The stable name of the reason. @type {string} */
    this.code = problem.code;
  }

  /** Whether to stop asking for a while: the server is busy, or knows no better. */
  get isForLater() {
    return this.status === 429 || this.status >= 500;
  }
}

/** Asks the server and reads its answers. */
export class Line {
  /** Who is signed in, as a bearer token; none for what the device may ask by itself. @type {string | null} */
  token = null;
  /** Proves that what the device may ask by itself is asked by it. @type {Signer | null} */
  signer = null;
  /** Seconds for which the server last asked us to keep quiet. @type {number | null} */
  backoff = null;
  traffic = { requests: 0, up: 0, down: 0 };
  #turn = 0;

  /** @param {import("./transport.js").Transport} transport */
  constructor(transport) {
    this.transport = transport;
  }

  /** A locked app talks to nobody, and believes nothing that is still on its way. */
  hangUp() {
    this.#turn += 1;
    this.token = null;
    this.signer = null;
  }

  /** Begin to count anew. */
  countAnew() {
    this.traffic = { requests: 0, up: 0, down: 0 };
  }

  /**
   * The answer to a body, posted to a path below the sync endpoints.
   * @template T
   * @param {string} path
   * @param {object | Bytes} body An object, or the very bytes.
   * @param {(told: any) => T} read
   * @param {{signed?: boolean, bearer?: boolean}} [how]
   * @returns {Promise<T>}
   * @throws {Unreachable | Refused}
   */
  async post(path, body, read, { signed = false, bearer = true } = {}) {
    const plain = body instanceof Uint8Array ? body : utf8(JSON.stringify(body));
    // A signature is of what travels; left unpacked, there is one body to sign.
    const packed = signed || plain.length < PACK_FROM ? plain : await pack(plain);
    const headers = await this.#headers(packed, bearer);
    if (packed !== plain) headers["Content-Encoding"] = "gzip";
    if (signed) headers["Sync-Signature"] = await this.#signature(BASE + path, packed);
    return this.#ask("POST", BASE + path, headers, packed, read);
  }

  /**
   * The answer to a question without a body.
   * @template T
   * @param {string} path
   * @param {(told: any) => T} read
   * @returns {Promise<T>}
   * @throws {Unreachable | Refused}
   */
  async get(path, read) {
    return this.#ask("GET", BASE + path, await this.#headers(null, true), null, read);
  }

  /**
   * Something outside of the sync endpoints, in the name of the one who is signed in.
   * @param {string} method @param {string} path @param {object} body
   * @throws {Unreachable | Refused}
   */
  async tell(method, path, body) {
    const bytes = utf8(JSON.stringify(body));
    return this.#ask(method, path, await this.#headers(bytes, true), bytes, anyAnswer);
  }

  /**
   * What is asked outside of the sync endpoints, in the name of the one who is signed in.
   * @param {string} path
   * @throws {Unreachable | Refused}
   */
  async look(path) {
    return this.#ask("GET", path, await this.#headers(null, true), null, anyAnswer);
  }

  /** Who is signed in. @throws {Unreachable | Refused} */
  async whoami() {
    return this.#ask("GET", "/api/v1/me", await this.#headers(null, true), null, accountAnswer);
  }

  /**
   * A token in exchange for a password.
   * @param {string} username
   * @param {string} password
   * @throws {Unreachable | Refused}
   */
  async signIn(username, password) {
    const body = utf8(JSON.stringify({ username, password }));
    return this.#ask("POST", "/api/v1/tokens", await this.#headers(body, false), body, tokenAnswer);
  }

  /** End the token. @throws {Unreachable | Refused} */
  async signOut() {
    return this.#ask("DELETE", "/api/v1/tokens/current", await this.#headers(null, true), null, anyAnswer);
  }

  /** @param {string} path @param {Bytes} body */
  async #signature(path, body) {
    if (this.signer === null) throw new StoreClosed();
    return b64url(await this.signer(await signedLines("POST", path, body)));
  }

  /** @param {Bytes | null} body @param {boolean} bearer */
  async #headers(body, bearer) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (bearer && this.token !== null) headers.Authorization = `Bearer ${this.token}`;
    if (body !== null) {
      headers["Content-Type"] = "application/json";
      headers["Content-Digest"] = await contentDigest(body);
    }
    return headers;
  }

  /**
   * @template T
   * @param {string} method @param {string} path @param {Record<string, string>} headers
   * @param {Bytes | null} body @param {(told: any) => T} read
   * @returns {Promise<T>}
   */
  async #ask(method, path, headers, body, read) {
    const turn = this.#turn;
    const got = await this.transport(method, path, headers, body);
    if (turn !== this.#turn) throw new StoreClosed();
    this.traffic.requests += 1;
    this.traffic.up += body?.length ?? 0;
    this.traffic.down += got.body.length;
    return this.#read(got, read);
  }

  /**
   * @template T
   * @param {Got} got @param {(told: any) => T} read
   * @returns {Promise<T>}
   */
  async #read(got, read) {
    this.backoff = seconds(got, "sync-backoff");
    const told = got.status === 204 ? {} : await content(got);
    if (got.status >= 200 && got.status < 300) return read(told);
    const after = seconds(got, "retry-after");
    if (typeof told?.code !== "string") throw new Unreachable("answer-damaged", after);
    throw new Refused(got.status, { ...told, results: results(told.results) }, after);
  }
}

/** @param {Got} got @returns {Promise<any>} */
async function content(got) {
  const after = seconds(got, "retry-after");
  // The browser has unpacked what came packed; the digest is of what travelled, and gzip has a sum of
  // its own that the browser checks.
  const isPacked = Boolean(got.headers["content-encoding"]) && got.headers["content-encoding"] !== "identity";
  if (!isPacked && !(await isWhole(got.body, got.headers["content-digest"]))) {
    throw new Unreachable("answer-damaged");
  }
  if (!(got.headers["content-type"] ?? "").includes("json")) {
    // A hotel's sign-in page answers 200 to everything; a proxy answers 502 in HTML.
    throw new Unreachable("answer-not-ours", after);
  }
  try {
    return JSON.parse(fromUtf8(got.body));
  } catch {
    throw new Unreachable("answer-damaged", after);
  }
}

/** @param {Got} got @param {string} header @returns {number | null} */
function seconds(got, header) {
  const told = got.headers[header] ?? "";
  return /^[0-9]+$/u.test(told) ? Number(told) : null;
}

/** @param {Bytes} plain @returns {Promise<Bytes>} */
async function pack(plain) {
  if (!("CompressionStream" in globalThis)) return plain;
  const packed = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
