// @ts-check
/**
 * How a nurse unlocks her phone's own half of the key: by a passkey, or by a code that we drew.
 *
 * Each *way* is plain data that holds the half wrapped, and nothing that opens it: a passkey's
 * secret is in the phone's hardware (WebAuthn's PRF extension), and the code is in the nurse's head
 * or her password manager. `docs/adr/0015-the-field-apps-keys.md` has the reasons.
 * @module
 */
import { b64url, concat, fromB64url, utf8, uuidBytes } from "../wire/bytes.js";
import { sealingKey } from "./hkdf.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {{kind: "code", salt: string, rounds: number, wrapped: string}} CodeWay */
/** @typedef {{kind: "passkey", credential: string, salt: string, wrapped: string}} PasskeyWay */
/** @typedef {CodeWay | PasskeyWay} Way */

export const SECRET_BYTES = 32;
/** Crockford's base 32: what is read or typed as i, l or o is 1 and 0, and there is no u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const CODE_CHARS = 12;
const GROUP = 4;
const ROUNDS = 600_000;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const UNLOCK = utf8("nyefamilier-unlock/1");
const WRAPPED = utf8("nyefamilier-secret/1");
const ES256 = -7;
const RS256 = -257;

/** The code that was typed is not the one, or the passkey is another phone's. */
export class WrongCode extends Error {
  constructor() {
    super("That does not open it.");
    this.name = "WrongCode";
  }
}

/** This browser has no passkey that could keep a secret, or the nurse said no. */
export class NoPasskey extends Error {
  /** @param {"unsupported" | "refused"} why */
  constructor(why) {
    super(`No passkey: ${why}.`);
    this.name = "NoPasskey";
    this.why = why;
  }
}

/**
 * The phone's own half: random, made once, never sent and never stored but wrapped.
 * @returns {Bytes}
 */
export function newSecret() {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/**
 * A way by a new code: twelve characters out of 32, which is 60 bits.
 * @param {string} deviceId
 * @param {Bytes} secret
 * @returns {Promise<{way: CodeWay, code: string}>} The code in groups of four, to be shown once.
 */
export async function wayByCode(deviceId, secret) {
  const drawn = crypto.getRandomValues(new Uint8Array(CODE_CHARS));
  const letters = Array.from(drawn, (byte) => ALPHABET[byte % ALPHABET.length]);
  const groups = [0, 1, 2].map((group) => letters.slice(group * GROUP, (group + 1) * GROUP).join(""));
  const code = groups.join("-");
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await keyOfCode(code, salt, ROUNDS);
  const wrapped = b64url(await wrap(key, deviceId, secret));
  return { way: { kind: "code", salt: b64url(salt), rounds: ROUNDS, wrapped }, code };
}

/**
 * The phone's half, by the code as it was typed: case, spaces and hyphens do not count.
 * @param {CodeWay} way
 * @param {string} deviceId
 * @param {string} code
 * @returns {Promise<Bytes>}
 * @throws {WrongCode}
 */
export async function unlockByCode(way, deviceId, code) {
  return unwrap(await keyOfCode(code, fromB64url(way.salt), way.rounds), deviceId, way.wrapped);
}

/**
 * A way by a new passkey of this phone.
 * @param {string} deviceId
 * @param {Bytes} secret
 * @param {{name: string}} whose What the phone shows the passkey as.
 * @returns {Promise<{way: PasskeyWay}>}
 * @throws {NoPasskey}
 */
export async function wayByPasskey(deviceId, secret, { name }) {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const made = await asked(() => navigator.credentials.create({ publicKey: wanted(deviceId, name) }));
  const credential = b64url(new Uint8Array(made.rawId));
  // Many authenticators tell the secret only when they are asked for it, not when they are made.
  const way = { kind: /** @type {const} */ ("passkey"), credential, salt: b64url(salt), wrapped: "" };
  const told = await secretOf([way]);
  const key = await keyOfPasskey(told.prf, deviceId);
  return { way: { ...way, wrapped: b64url(await wrap(key, deviceId, secret)) } };
}

/**
 * The phone's half, by a passkey.
 * @param {readonly Way[]} ways
 * @param {string} deviceId
 * @returns {Promise<Bytes>}
 * @throws {NoPasskey} There is none, or the nurse said no.
 * @throws {WrongCode} It is not the one by which this store was locked.
 */
export async function unlockByPasskey(ways, deviceId) {
  const known = ways.filter((way) => way.kind === "passkey");
  if (known.length === 0) {
    throw new NoPasskey("unsupported");
  }
  const told = await secretOf(known);
  return unwrap(await keyOfPasskey(told.prf, deviceId), deviceId, told.way.wrapped);
}

/**
 * Whether this browser can make passkeys at all. Whether they keep a secret shows when one is made.
 * @returns {boolean}
 */
export function hasPasskeys() {
  return "PublicKeyCredential" in globalThis && "credentials" in navigator;
}

/**
 * @param {string} deviceId
 * @param {string} name
 * @returns {PublicKeyCredentialCreationOptions}
 */
function wanted(deviceId, name) {
  return {
    // Nobody checks this passkey's signatures: only its secret counts, and that is the phone's own.
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    rp: { name: "Nye familier" },
    user: { id: uuidBytes(deviceId), name, displayName: name },
    pubKeyCredParams: [
      { type: "public-key", alg: ES256 },
      { type: "public-key", alg: RS256 },
    ],
    authenticatorSelection: {
      authenticatorAttachment: "platform",
      residentKey: "preferred",
      userVerification: "required",
    },
    attestation: "none",
    extensions: { prf: {} },
  };
}

/**
 * @param {PasskeyWay[]} ways
 * @returns {Promise<{way: PasskeyWay, prf: Bytes}>}
 */
async function secretOf(ways) {
  const evalByCredential = Object.fromEntries(
    ways.map((way) => [way.credential, { first: fromB64url(way.salt) }]),
  );
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: ways.map((way) => ({ type: "public-key", id: fromB64url(way.credential) })),
        userVerification: "required",
        extensions: { prf: { evalByCredential } },
      },
    }),
  );
  const found = got.getClientExtensionResults().prf?.results?.first;
  const way = ways.find((one) => one.credential === b64url(new Uint8Array(got.rawId)));
  if (found === undefined || way === undefined) {
    throw new NoPasskey("unsupported");
  }
  return { way, prf: bytesOf(found) };
}

/**
 * @param {() => Promise<Credential | null>} ask
 * @returns {Promise<PublicKeyCredential>}
 */
async function asked(ask) {
  if (!hasPasskeys()) {
    throw new NoPasskey("unsupported");
  }
  /** @type {Credential | null} */
  let got;
  try {
    got = await ask();
  } catch (error) {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    throw new NoPasskey(refused ? "refused" : "unsupported");
  }
  if (!(got instanceof PublicKeyCredential)) {
    throw new NoPasskey("unsupported");
  }
  return got;
}

/** @param {BufferSource} told */
function bytesOf(told) {
  const view = ArrayBuffer.isView(told)
    ? new Uint8Array(told.buffer, told.byteOffset, told.byteLength)
    : new Uint8Array(told);
  return view.slice();
}

/**
 * @param {Bytes} prf Overwritten.
 * @param {string} deviceId
 */
async function keyOfPasskey(prf, deviceId) {
  const key = await sealingKey(prf, concat(UNLOCK, uuidBytes(deviceId)));
  prf.fill(0);
  return key;
}

/**
 * @param {string} code
 * @param {Bytes} salt
 * @param {number} rounds
 */
async function keyOfCode(code, salt, rounds) {
  const typed = utf8(asDrawn(code));
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  typed.fill(0);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const what = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, what, false, ["encrypt", "decrypt"]);
}

/**
 * What counts of a code that was typed: no spaces, hyphens or capitals; an o is a zero, an i or an l a one.
 * @param {string} code
 * @returns {string}
 */
export function asDrawn(code) {
  return code
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, "")
    .replaceAll("o", "0")
    .replaceAll(/[il]/gu, "1");
}

/**
 * @param {CryptoKey} key
 * @param {string} deviceId
 * @param {Bytes} secret
 */
async function wrap(key, deviceId, secret) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const text = await crypto.subtle.encrypt(sealedAs(iv, deviceId), key, secret);
  return concat(iv, new Uint8Array(text));
}

/**
 * @param {CryptoKey} key
 * @param {string} deviceId
 * @param {string} wrapped
 */
async function unwrap(key, deviceId, wrapped) {
  const told = fromB64url(wrapped);
  const iv = told.slice(0, NONCE_BYTES);
  try {
    const text = await crypto.subtle.decrypt(sealedAs(iv, deviceId), key, told.slice(NONCE_BYTES));
    return new Uint8Array(text);
  } catch {
    throw new WrongCode();
  }
}

/**
 * @param {Bytes} iv
 * @param {string} deviceId
 */
function sealedAs(iv, deviceId) {
  return { name: "AES-GCM", iv, additionalData: concat(WRAPPED, uuidBytes(deviceId)) };
}
