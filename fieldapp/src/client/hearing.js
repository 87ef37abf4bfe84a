// @ts-check
/**
 * What every answer says of the server, and what a phone does about it at once.
 * @module
 */
import { bringBack, countBeyond, prune } from "./outbox.js";
import { anchored } from "./standing.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./answers.js").Told} Told */
/** @typedef {import("./clocks.js").Mark} Mark */
/** @typedef {import("./report.js").Report} Report */

/** An offset that wobbles by less is not worth a write. */
const WOBBLE_MS = 1000;

/**
 * Note where the server stands, bring back what it has lost, forget what is safe with it.
 *
 * A server that was restored from a backup has a smaller last seq than we were told before, or says so
 * by a new epoch. Then a copy of this installation may have come first, and the last seq be the copy's:
 * all comes back that no verified backup has.
 * @param {Phone} phone
 * @param {Mark} asked When the answer was asked for.
 * @param {Told} told
 * @param {Report} report
 */
export async function hear(phone, asked, told, report) {
  const isLost = (await countBeyond(phone, told.lastSeq)) > 0;
  if (isLost) report.alarms.push(`server-regressed ${told.lastSeq}`);
  if (isLost || told.epoch !== phone.here.epoch) await bringAllBack(phone, told.durableSeq, report);
  await note(phone, asked, told);
  await prune(phone, told.durableSeq, told.serverTime);
}

/** Back into the outbox with all that no verified backup has: the server was restored. @param {Phone} phone @param {number} durableSeq @param {Report} report */
export async function bringAllBack(phone, durableSeq, report) {
  const safe = Math.min(durableSeq, phone.here.durableSeq);
  report.broughtBack += await bringBack(phone, safe);
}

/** @param {Phone} phone @param {Mark} asked @param {Told} told */
async function note(phone, asked, { epoch, lastSeq, durableSeq, serverTime }) {
  const offset = serverTime - asked.wall;
  const heard = { epoch, lastSeq, durableSeq, offset };
  if (isNews(phone.here, heard)) {
    await phone.durable("heard", [], (desk) => desk.stand({ ...heard, ...anchored(desk.standingHere, asked, serverTime) }));
  }
}

/** @param {import("./standing.js").Standing} before @param {{epoch: string, lastSeq: number, durableSeq: number, offset: number}} heard */
function isNews(before, heard) {
  if (before.offset === null || Math.abs(before.offset - heard.offset) > WOBBLE_MS) return true;
  return before.epoch !== heard.epoch || before.lastSeq !== heard.lastSeq || before.durableSeq !== heard.durableSeq;
}
