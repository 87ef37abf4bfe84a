// @ts-check
/**
 * How a request reaches the server: by fetch, or through whatever a test puts in its place.
 * @module
 */

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** What came back; the headers' names are in small letters. @typedef {{status: number, headers: Record<string, string>, body: Bytes}} Got */
/** @typedef {(method: string, path: string, headers: Record<string, string>, body: Bytes | null) => Promise<Got>} Transport */

const TIMEOUT_MS = 30_000;
const HEADERS = ["content-type", "content-digest", "content-encoding", "retry-after", "sync-backoff"];

/** Nothing came back that is the server's: no network, a cut-off body, a hotel's sign-in page. */
export class Unreachable extends Error {
  /**
   * @param {string} code For the report.
   * @param {number | null} [after] Seconds to wait, where somebody on the way said so.
   */
  constructor(code, after = null) {
    super(code);
    this.name = "Unreachable";
    this.code = code;
    this.after = after;
  }
}

/**
 * A request by fetch. Nothing of the browser's goes with it: no cookie, no cache, no redirect.
 * @type {Transport}
 */
export async function byFetch(method, path, headers, body) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const how = /** @type {const} */ ({ cache: "no-store", credentials: "omit", redirect: "manual", referrerPolicy: "no-referrer" });
  try {
    const response = await fetch(path, { method, headers, body, signal, ...how });
    const told = HEADERS.map((name) => [name, response.headers.get(name) ?? ""]);
    const content = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(told), body: content };
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new Unreachable(late ? "timeout" : "no-connection");
  }
}
