// @ts-check
/**
 * The phone goes to another nurse: the server hears that it is out of use and that nothing is left on it.
 * @module
 */
import { anyAnswer } from "./answers.js";
import { Refused } from "./talking.js";

/** @typedef {import("./phone.js").Phone} Phone */

/**
 * Tell the server, in her name and then by the device's own key, and sign her out. What it has not heard must not be
 * deleted: its page of copies would speak of this phone until the lease is over.
 * @param {Phone} phone
 * @throws {import("./transport.js").Unreachable | Refused} It was not reached, is busy, or she must sign in first.
 */
export async function giveUp(phone) {
  const { line, here } = phone;
  const body = { device_id: here.deviceId };
  await unlessUnknown(line.post("/retire", body, anyAnswer));
  await unlessUnknown(line.post("/wipe-receipt", { ...body, handed_over: [] }, anyAnswer, { signed: true }));
  await line.signOut().catch(() => {});
}

/** A server that was restored from before does not know the phone, or that it is out of use: there is nobody to tell. @param {Promise<unknown>} told */
async function unlessUnknown(told) {
  try {
    await told;
  } catch (error) {
    const isFinal = error instanceof Refused && !error.isForLater && (error.status !== 401 || error.code === "signature");
    if (!isFinal) throw error;
  }
}
