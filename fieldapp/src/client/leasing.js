// @ts-check
/**
 * The lease for which a phone's store is open.
 * @module
 */
import { CannotOpen } from "../vault/store_key.js";
import { fromB64url, utf8 } from "../wire/bytes.js";
import { leaseAnswer } from "./answers.js";
import { COPIES, OURS, beginEmpty, resealed } from "./moving.js";
import { SCHEMA } from "./outbox.js";
import { anchored, leaseLeft } from "./standing.js";

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("../vault/store_key.js").Sealer} Sealer */
/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./standing.js").Standing} Standing */
/** @typedef {import("./answers.js").Lease} Lease */
/** What a lease makes of where the phone stands, and of its key. @typedef {{change: Partial<Standing>, sealer: Sealer | null, isNew: boolean}} Lent */

/** The part of a lease that is left when it is asked for anew. */
const RENEW_AT = 0.5;
const NOTE_TIME_MS = 10 * 60_000;
/** Lies sealed in every store: what opens it is the store's key. */
const CHECKED = utf8("nyefamilier-store");

/** Have the lease anew, and open the store with it. @param {Phone} phone @returns {Promise<Lease>} */
export async function renew(phone) {
  const body = { device_id: phone.here.deviceId, schema: SCHEMA };
  const lease = await phone.line.post("/lease", body, leaseAnswer, { signed: true });
  await phone.turns.take(() => takeIn(phone, lease));
  return lease;
}

/** @param {Phone} phone @param {Lease} lease */
async function takeIn(phone, lease) {
  const { clocks, store, here, waiting } = phone;
  const standing = { ...here, state: told(lease) };
  const serverTime = clocks.wall() + (standing.offset ?? 0);
  const mark = clocks.mark;
  const lent = await lend(standing, lease, { mark, serverTime }, { waiting, sealerOf: (share) => store.sealerOf(here.deviceId, share) });
  const moved = lent.isNew ? await resealed(phone, { store: store.sealer, waiting }, { store: lent.sealer, waiting }) : null;
  await phone.durable("leased", [...COPIES, ...OURS], async (desk) => {
    if (moved !== null) await beginEmpty(desk, moved);
    await desk.stand({ state: standing.state, ...lent.change });
  });
  open(phone, waiting, lent.sealer);
}

/**
 * What a lease makes of the store; nothing is written.
 * @param {Standing} standing
 * @param {Lease} lease
 * @param {{mark: import("./clocks.js").Mark, serverTime: number}} begun
 * @param {{waiting: Sealer, sealerOf: (share: Bytes) => Promise<Sealer>}} keys
 * @returns {Promise<Lent>}
 */
export async function lend(standing, lease, { mark, serverTime }, { waiting, sealerOf }) {
  const { keyShare, leaseUntil } = lease;
  if (keyShare === null || leaseUntil === null || standing.state !== "active") {
    return { change: { share: null }, sealer: null, isNew: false };
  }
  const bytes = fromB64url(keyShare);
  const sealer = await sealerOf(bytes);
  const device = standing.deviceId;
  const share = await waiting.seal("share", device, device, 0, bytes);
  bytes.fill(0);
  /** @type {Partial<Standing>} */
  const change = { share, leaseUntil, ...anchored({ ...standing, leaseUntil }, mark, serverTime) };
  const isNew = standing.check === null || !(await opens(sealer, standing));
  if (isNew) Object.assign(change, { check: await sealer.seal("check", device, device, 0, CHECKED), scopeHash: null });
  return { change, sealer, isNew };
}

/** Whether the lease should be asked for: half of it is gone, or the store is closed. @param {Phone} phone @returns {boolean} */
export function isDue(phone) {
  return phone.store.sealer === null || leaseLeft(phone.here, phone.clocks) < phone.here.leaseFor * RENEW_AT;
}

/**
 * Open the store while the lease lasts; when it has run out, close it and forget the share.
 * @param {Phone} phone
 * @returns {Promise<boolean>} Whether it is open.
 */
export async function openUp(phone) {
  const { store, standing, clocks } = phone;
  const { waiting } = store;
  if (standing === null || standing.share === null || waiting === null) {
    store.sealer = null;
    return false;
  }
  if (leaseLeft(standing, clocks) <= 0 || standing.state !== "active") {
    await close(phone);
    return false;
  }
  if (store.sealer === null) {
    const share = await shareOf(standing, waiting);
    if (share === null) {
      await close(phone);
      return false;
    }
    const sealer = await store.sealerOf(standing.deviceId, share);
    share.fill(0);
    open(phone, waiting, sealer);
  }
  if (clocks.boot !== standing.leased.boot) await countOn(phone);
  else if (clocks.wall() - standing.seen > NOTE_TIME_MS) await phone.durable("heard", [], (desk) => desk.stand({ seen: clocks.wall() }));
  return store.sealer !== null;
}

/** The share that lies here; null where it is damaged, so that the server is asked to lend it again. @param {Standing} standing @param {Sealer} waiting @returns {Promise<Bytes | null>} */
async function shareOf({ deviceId, share }, waiting) {
  try {
    return share === null ? null : await waiting.open("share", deviceId, deviceId, 0, share);
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}

/** Forget the share: what lies sealed is closed until the server lends it again. @param {Phone} phone @param {import("./standing.js").State} [state] */
export async function close(phone, state) {
  await phone.durable("closed", [], (desk) => desk.stand({ share: null, state: state ?? desk.standingHere.state }));
  phone.store.sealer = null;
}

/** Delete all but what is unsent, of which only the copies for the server stay. @param {Phone} phone */
export async function beginWipe(phone) {
  await phone.durable("erasing", [...COPIES, ...OURS], async (desk) => {
    await Promise.all([...COPIES, /** @type {const} */ ("journal"), /** @type {const} */ ("draft")].map((name) => desk.table(name).clear()));
    const left = await desk.table("outbox").getAll();
    await Promise.all(left.map((/** @type {any} */ row) => desk.table("outbox").put({ ...row, raw: null })));
    await desk.stand({ share: null, state: "wipe" });
  });
  phone.store.sealer = null;
}

/** The server has the copies of what was unsent: they go too, and the signing key is left. @param {Phone} phone */
export function endWipe(phone) {
  return phone.durable("handed-over", ["outbox"], (desk) => desk.table("outbox").clear());
}

/** Take a key into use, unless the app was locked meanwhile. @param {Phone} phone @param {Sealer} waiting @param {Sealer | null} sealer */
function open(phone, waiting, sealer) {
  if (phone.store.waiting === waiting) phone.store.sealer = sealer;
}

/** What the server says of the phone by lending it its share, or by not lending it. @param {Lease} lease @returns {import("./standing.js").State} */
function told({ commands, keyShare }) {
  if (commands.includes("wipe")) return "wipe";
  return commands.includes("lock") || keyShare === null ? "locked" : "active";
}

/** @param {Sealer} sealer @param {Standing} standing */
async function opens(sealer, { deviceId, check }) {
  try {
    await sealer.open("check", deviceId, deviceId, 0, check);
    return true;
  } catch (error) {
    if (error instanceof CannotOpen) return false;
    throw error;
  }
}

/**
 * After a start: what is left of the lease runs on the new clocks. Otherwise a wall clock that was set
 * back would stand for all time that passes from here on.
 * @param {Phone} phone
 */
function countOn(phone) {
  const { clocks } = phone;
  return phone.durable("heard", [], (desk) => {
    const standing = desk.standingHere;
    const leased = { ...clocks.mark, wall: Math.max(clocks.wall(), standing.seen) };
    return desk.stand({ leased, leaseFor: leaseLeft(standing, clocks), seen: leased.wall });
  });
}
