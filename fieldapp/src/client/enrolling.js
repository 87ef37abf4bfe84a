// @ts-check
/**
 * Makes an installation known to the server: once, anew when the server says so, and anew by the nurse's
 * own will when she has lost her way of unlocking.
 * @module
 */
import { newSigning, publicKeyOf, signer } from "../vault/signing.js";
import { CannotOpen, storeSealer, waitingSealer } from "../vault/store_key.js";
import { b64url, fromB64url } from "../wire/bytes.js";
import { newId } from "../wire/ids.js";
import { enrolledAnswer } from "./answers.js";
import { lend } from "./leasing.js";
import { COPIES, OURS, beginEmpty, renumbered } from "./moving.js";
import { SCHEMA } from "./outbox.js";
import { Refused } from "./talking.js";
import { sealedIdentity } from "./tokens.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("../vault/store_key.js").Sealer} Sealer */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./answers.js").Enrolled} Enrolled */
/** A new half of the key, under a new device id, with its ways of being unlocked. @typedef {{deviceId: string, secret: Bytes, ways: any[]}} Fresh */
/** @typedef {{waiting: Sealer, sealerOf: (share: Bytes) => Promise<Sealer>}} NewKeys */

/** Refusals after which the same enrolment can never succeed. */
const ANOTHER_ID = ["device-taken", "public-key-taken", "device-retired"];

/** The store is another nurse's: what she wrote must not be sent in the name of this one. */
export class OtherNurse extends Error {
  constructor() {
    super("This store is another nurse's.");
    this.name = "OtherNurse";
  }
}

/**
 * Make this installation known; it needs somebody who is signed in. What was written under another
 * device id before is kept, with new seqs and the same ids.
 * @param {Phone} phone
 * @param {string} name What she calls the phone.
 * @param {Fresh | null} [fresh] None when the half that the phone has goes on.
 * @throws {OtherNurse | import("./transport.js").Unreachable | Refused} Nothing is lost, and the next try is the same one.
 */
export async function enrol(phone, name, fresh = null) {
  const account = await phone.line.whoami();
  if (phone.standing !== null && phone.standing.account !== account.id) throw new OtherNurse();
  const begun = await beginning(phone, fresh);
  const publicKey = b64url(await publicKeyOf(begun.key));
  const asked = phone.clocks.mark;
  try {
    const body = { device_id: begun.deviceId, name, public_key: publicKey, schema: SCHEMA };
    const enrolled = await phone.line.post("/devices", body, enrolledAnswer);
    await phone.turns.take(() => takeIn(phone, { asked, begun, enrolled, account, fresh }));
    phone.line.signer = await signer(begun.key);
  } catch (error) {
    if (error instanceof Refused && ANOTHER_ID.includes(error.code)) await forgetBegun(phone);
    throw error;
  } finally {
    begun.key.fill(0);
  }
}

/** @typedef {{deviceId: string, signing: Bytes, key: Bytes, keys: NewKeys}} Begun */

/** An enrolment that was begun, or a new one: sent again, it is the same installation. @param {Phone} phone @param {Fresh | null} fresh @returns {Promise<Begun>} */
async function beginning(phone, fresh) {
  const before = await phone.store.told("enrolling");
  if (before !== undefined && (fresh === null || fresh.deviceId === before.deviceId)) {
    const keys = await newKeys(phone, before.deviceId, fresh);
    try {
      const key = await keys.waiting.open("signing", before.deviceId, before.deviceId, 0, before.signing);
      return { ...before, key, keys };
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
    }
  }
  const deviceId = fresh?.deviceId ?? newId(phone.clocks.wall());
  const keys = await newKeys(phone, deviceId, fresh);
  const { privateKey: key } = await newSigning();
  const signing = await keys.waiting.seal("signing", deviceId, deviceId, 0, key);
  await phone.durable("enrolling", [], (desk) => desk.tell("enrolling", { deviceId, signing }));
  return { deviceId, signing, key, keys };
}

/** @param {Phone} phone @param {string} deviceId @param {Fresh | null} fresh @returns {Promise<NewKeys>} */
async function newKeys(phone, deviceId, fresh) {
  if (fresh === null) {
    return { waiting: await phone.store.waitingOf(deviceId), sealerOf: (share) => phone.store.sealerOf(deviceId, share) };
  }
  return { waiting: await waitingSealer(deviceId, fresh.secret), sealerOf: (share) => storeSealer(deviceId, fresh.secret, share) };
}

/** @param {Phone} phone */
function forgetBegun(phone) {
  return phone.durable("enrolling", [], (desk) => desk.table("meta").delete("enrolling"));
}

/**
 * @param {Phone} phone
 * @param {{asked: import("./clocks.js").Mark, begun: Begun, enrolled: Enrolled, account: {id: string, name: string, username: string}, fresh: Fresh | null}} what
 */
async function takeIn(phone, { asked, begun, enrolled, account, fresh }) {
  const { keys } = begun;
  const standing = newStanding(asked, begun, enrolled, account.id);
  const lent = await lend(standing, enrolled.lease, { mark: asked, serverTime: enrolled.serverTime }, keys);
  const [before, after] = [{ store: phone.store.sealer, waiting: phone.store.waiting }, { store: lent.sealer, waiting: keys.waiting }];
  const moved = await renumbered(phone, standing, before, after);
  const identity = await sealedIdentity(phone, keys.waiting, account);
  await phone.durable("enrolled", [...COPIES, ...OURS], async (desk) => {
    await beginEmpty(desk, moved);
    desk.standing = { ...standing, ...lent.change, nextSeq: standing.nextSeq + moved.outbox.length };
    await Promise.all([
      desk.tell("standing", desk.standing),
      desk.table("meta").delete("enrolling"),
      ...identity.map(({ name, value }) => desk.tell(name, value)),
      ...(fresh === null ? [] : [desk.tell("ways", { device_id: begun.deviceId, ways: fresh.ways })]),
    ]);
  });
  await takeKeys(phone, begun, fresh, before.waiting);
  if (phone.store.waiting !== null) phone.store.sealer = lent.sealer;
}

/** The store is under its new keys, unless the app was locked meanwhile. @param {Phone} phone @param {Begun} begun @param {Fresh | null} fresh @param {Sealer | null} before */
async function takeKeys(phone, begun, fresh, before) {
  if (phone.store.waiting !== before) return;
  if (fresh !== null) await phone.store.unlock(begun.deviceId, fresh.secret.slice());
  else phone.store.waiting = begun.keys.waiting;
}

/**
 * @param {import("./clocks.js").Mark} asked
 * @param {Begun} begun
 * @param {Enrolled} enrolled
 * @param {string} account
 * @returns {import("./standing.js").Standing}
 */
function newStanding(asked, begun, enrolled, account) {
  return {
    account,
    deviceId: begun.deviceId,
    signing: begun.signing,
    epoch: enrolled.epoch,
    escrowKey: fromB64url(enrolled.escrowKey),
    escrowKeyId: enrolled.escrowKeyId,
    leaseUntil: enrolled.serverTime,
    leased: asked,
    leaseFor: 0,
    seen: asked.wall,
    nextSeq: enrolled.lastSeq + 1,
    lastSeq: enrolled.lastSeq,
    durableSeq: enrolled.durableSeq,
    share: null,
    check: null,
    state: "active",
    offset: null,
    scopeHash: null,
    rowsTold: null,
    tidy: false,
  };
}
