// @ts-check
// Out alone: what a nurse's check-in says, and what of it is still to be told to her base.

/**
 * One outing. `step` is one more each time that she stays longer or checks out; `told` is the step that the base has.
 * @typedef {{ id: string, step: number, told: number, began: number, minutes: number, ended: number | null, family: string | null }} Outing
 */

const MINUTE_MS = 60_000;
const WEEK_SECONDS = 604_800;
/** The least and the most that an outing may last; the server takes no others. */
const LEAST = 5;
const MOST = 720;

/** She goes in. @param {string} id @param {number} now milliseconds @param {number} minutes @param {string | null} family @returns {Outing} */
export function checkedIn(id, now, minutes, family) {
  return { id, step: 1, told: 0, began: now, minutes: within(minutes), ended: null, family };
}

/**
 * An outing as the base tells it: this phone was set up anew since, or she checked in by another. With whom she is, no list says.
 * @param {{ id: string, step: number, began_at: string, expected_at: string }} told
 * @returns {Outing}
 */
export function knownToBase({ id, step, began_at, expected_at }) {
  const began = Date.parse(began_at);
  const minutes = within(Math.round((Date.parse(expected_at) - began) / MINUTE_MS));
  return { id, step, told: step, began, minutes, ended: null, family: null };
}

/** She stays longer, counted from now. @param {Outing} outing @param {number} now @param {number} more @returns {Outing} */
export function stayed(outing, now, more) {
  const until = Math.max(now, outing.began) + more * MINUTE_MS;
  return { ...outing, step: outing.step + 1, minutes: within(Math.ceil((until - outing.began) / MINUTE_MS)) };
}

/** She is out again. @param {Outing} outing @param {number} now @returns {Outing} */
export function checkedOut(outing, now) {
  return { ...outing, step: outing.step + 1, ended: now };
}

/** Her base has heard of a step; a later one may have come meanwhile. @param {Outing} outing @param {number} step @returns {Outing} */
export function heard(outing, step) {
  return { ...outing, told: Math.max(outing.told, step) };
}

/** Until when she means to be out. @param {Outing} outing @returns {Date} */
export function backBy(outing) {
  return new Date(outing.began + outing.minutes * MINUTE_MS);
}

/** Whether there is something to tell: while she is out, that her phone is heard from is news. @param {Outing} outing */
export function isToTell(outing) {
  return outing.ended === null || outing.told < outing.step;
}

/** Whether it is over and all of it told. @param {Outing} outing */
export function isOver(outing) {
  return !isToTell(outing);
}

/** What travels: how long ago, never when, since the phone's clock may be wrong. @param {Outing} outing @param {number} now */
export function body(outing, now) {
  return {
    step: outing.step,
    began_seconds_ago: ago(outing.began, now),
    minutes: outing.minutes,
    ended_seconds_ago: outing.ended === null ? null : ago(outing.ended, now),
    family_id: outing.family,
  };
}

/** @param {number} at @param {number} now */
function ago(at, now) {
  return Math.min(WEEK_SECONDS, Math.max(0, Math.round((now - at) / 1000)));
}

/** @param {number} minutes */
function within(minutes) {
  return Math.min(MOST, Math.max(LEAST, minutes));
}
