// @ts-check
/**
 * Hands the escrow copies over: the way out for what a phone may not or cannot push. It needs nobody
 * who is signed in and no key of the store, only the key of the device.
 * @module
 */
import { b64url } from "../wire/bytes.js";
import { ESCROWED } from "../wire/limits.js";
import { escrowAnswer } from "./answers.js";
import { noteEscrowed, unsent } from "./outbox.js";
import { Refused } from "./talking.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./outbox.js").Unsent} Unsent */

/** Of one request, unless a single copy is larger. */
const MOST_BYTES = 512 * 1024;

/**
 * Send the escrow copies of *chosen*, or of the whole outbox, that the server has not yet. Nothing
 * leaves the outbox by this: the server names their seqs when it has opened them.
 * @param {Phone} phone
 * @param {import("./report.js").Report} report
 * @param {Unsent[]} [chosen]
 * @throws {import("./transport.js").Unreachable | Refused}
 */
export async function sendToEscrow(phone, report, chosen) {
  const left = (chosen ?? (await unsent(phone))).filter((one) => !one.escrowed);
  for (const batch of batches(left)) {
    const received = await handedOver(phone, batch);
    await noteEscrowed(phone, batch.filter((one) => received.has(one.id)).map((one) => one.seq));
    report.escrowed += received.size;
  }
}

/** What the server tells this phone to do, where nobody is signed in on it. @param {Phone} phone @returns {Promise<string[]>} */
export async function askWhatToDo(phone) {
  const body = { device_id: phone.here.deviceId, escrow_key_id: phone.here.escrowKeyId, mutations: [] };
  return (await phone.line.post("/escrow", body, escrowAnswer, { signed: true })).commands;
}

/** Which of a batch the server has now. @param {Phone} phone @param {Unsent[]} batch @returns {Promise<Set<string>>} */
async function handedOver(phone, batch) {
  const mutations = batch.map((one) => ({ id: one.id, seq: one.seq, sealed: b64url(one.escrow) }));
  const body = { device_id: phone.here.deviceId, escrow_key_id: batch[0].escrowKey, mutations };
  try {
    return new Set((await phone.line.post("/escrow", body, escrowAnswer, { signed: true })).received);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "escrow-reuse") throw error;
  }
  // Sealed anew since, after an enrolment; what the server has under this id is ours.
  if (batch.length === 1) return new Set([batch[0].id]);
  const received = new Set();
  for (const one of batch) {
    for (const id of await handedOver(phone, [one])) received.add(id);
  }
  return received;
}

/** At most so many bytes at a time, and one key's at a time. @param {Unsent[]} left @returns {Unsent[][]} */
function batches(left) {
  /** @type {Unsent[][]} */
  const made = [];
  let size = 0;
  for (const one of left) {
    const batch = made.at(-1);
    const fits = batch !== undefined && batch[0].escrowKey === one.escrowKey && batch.length < ESCROWED && size + one.escrow.length <= MOST_BYTES;
    if (fits) batch.push(one);
    else made.push([one]);
    size = (fits ? size : 0) + one.escrow.length;
  }
  return made;
}
