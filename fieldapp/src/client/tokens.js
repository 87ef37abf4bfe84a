// @ts-check
/**
 * Who is signed in: the token and the nurse's name, sealed under the phone's own half, so that an app
 * that was killed sends again when it is unlocked.
 *
 * A token is good for an hour. The device's own signature carries the sign-in on, without the password:
 * the phone makes the next token itself, keeps it, and tells the server the digests of both.
 * @module
 */
import { CannotOpen } from "../vault/store_key.js";
import { b64url, fromUtf8, sha256, utf8 } from "../wire/bytes.js";
import { time } from "./answers.js";
import { Refused } from "./talking.js";
import { Unreachable } from "./transport.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("../vault/store_key.js").Sealer} Sealer */
/** `expiresAt` is on the server's clock; `next` was offered to it, and not confirmed yet. @typedef {{token: string, expiresAt: number | null, next: string | null}} Token */
/** @typedef {{id: string, name: string, username: string}} Account */

/** What is left of a token when it is carried on. */
const NEARLY_OVER_MS = 15 * 60_000;
const TOKEN_BYTES = 32;

/** The tokens and accounts of phones that are unlocked. @type {WeakMap<Phone, {token: Token | null, account: Account | null}>} */
const KNOWN = new WeakMap();

/** Who the nurse is, as far as the phone is unlocked. @param {Phone} phone @returns {Account | null} */
export function accountOf(phone) {
  return KNOWN.get(phone)?.account ?? null;
}

/** Use a token from now on, and keep it where the phone is unlocked. @param {Phone} phone @param {{token: string, expiresAt: number | null}} told @param {Account | null} account */
export async function signedIn(phone, { token, expiresAt }, account) {
  remember(phone, { token, expiresAt, next: null }, account);
  await keep(phone);
}

/** Read what was kept, after unlocking. @param {Phone} phone */
export async function recall(phone) {
  const [token, account] = await Promise.all([kept(phone, "token"), kept(phone, "account")]);
  remember(phone, token, account);
}

/** Forget who is signed in, in memory. @param {Phone} phone */
export function forget(phone) {
  KNOWN.delete(phone);
}

/** Token and account, sealed for another device id that the phone is about to have. @param {Phone} phone @param {Sealer} waiting @param {Account} account @returns {Promise<{name: string, value: unknown}[]>} */
export async function sealedIdentity(phone, waiting, account) {
  const known = KNOWN.get(phone);
  if (known) known.account = account;
  const token = known?.token ?? (phone.line.token === null ? null : { token: phone.line.token, expiresAt: null, next: null });
  return Promise.all(
    Object.entries({ account, token }).map(async ([name, value]) => ({ name, value: value === null ? null : await sealed(waiting, name, value) })),
  );
}

/**
 * Carry the sign-in on if its token is nearly over, or if the server has just said that it is. Whatever
 * the server says to that, the round goes on: what the phone may do is told by what it asks next.
 * @param {Phone} phone
 * @param {{isOver?: boolean}} [how]
 * @returns {Promise<boolean>} Whether there is another token.
 */
export async function carryOn(phone, { isOver = false } = {}) {
  const token = KNOWN.get(phone)?.token ?? null;
  if (token === null || phone.line.signer === null || !(isOver || isNearlyOver(phone, token))) return false;
  token.next ??= b64url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  const { next } = token;
  // Kept before it is asked for: if the answer is lost, the server may know only this one.
  await keep(phone);
  const body = { device_id: phone.here.deviceId, token_digest: await digest(token.token), next_digest: await digest(next) };
  try {
    const told = await phone.line.post("/token", body, (answer) => ({ expiresAt: time(answer?.expires_at) }), { signed: true, bearer: false });
    remember(phone, { token: next, expiresAt: told.expiresAt, next: null }, accountOf(phone));
  } catch (error) {
    // A server that does not know the question answers in its own way.
    if (error instanceof Refused || (error instanceof Unreachable && error.code.startsWith("answer"))) return false;
    throw error;
  }
  await keep(phone);
  return true;
}

/** @param {Phone} phone @param {Token} token */
function isNearlyOver(phone, { expiresAt }) {
  return expiresAt !== null && expiresAt - (phone.clocks.wall() + (phone.here.offset ?? 0)) < NEARLY_OVER_MS;
}

/** @param {Phone} phone @param {Token | null} token @param {Account | null} account */
function remember(phone, token, account) {
  KNOWN.set(phone, { token, account });
  phone.line.token = token?.token ?? null;
}

/** @param {Phone} phone */
async function keep(phone) {
  const waiting = phone.store.waiting;
  const known = KNOWN.get(phone);
  if (waiting === null || phone.standing === null || known === undefined) return;
  const values = await Promise.all(
    Object.entries(known).map(async ([name, value]) => ({ name, value: value === null ? null : await sealed(waiting, name, value) })),
  );
  await phone.durable("heard", [], (desk) => Promise.all(values.map(({ name, value }) => desk.tell(name, value))));
}

/** @param {Sealer} waiting @param {string} name @param {unknown} value */
function sealed(waiting, name, value) {
  return waiting.seal(name, waiting.deviceId, waiting.deviceId, 0, utf8(JSON.stringify(value)));
}

/** @param {Phone} phone @param {string} name @returns {Promise<any>} */
async function kept(phone, name) {
  const waiting = phone.waiting;
  try {
    const bytes = await waiting.open(name, waiting.deviceId, waiting.deviceId, 0, await phone.store.told(name));
    return JSON.parse(fromUtf8(bytes));
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}

/** @param {string} token */
async function digest(token) {
  return b64url(await sha256(utf8(token)));
}
