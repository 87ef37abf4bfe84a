// @ts-check
// The visit as it is written down: what the form begins with, what is wrong with it, and what it says as operations.

import { newId } from "../wire/ids.js";
import { NEED_CHARS, NOTE_CHARS } from "../wire/limits.js";
import { gettext, osloDay } from "../words.js";
import { CLOSED, WITHOUT_QUALIFIED } from "./choices.js";
import { tooLong } from "./lengths.js";
import { inOrder } from "./naming.js";
import { osloClock, osloInstant } from "./zone.js";

/** @typedef {import("../client/showing.js").Family} Family */
/** @typedef {import("../client/showing.js").Shown} Shown */
/**
 * What the form holds, as it was typed. It is kept as a draft at each touch, so it is plain JSON.
 * @typedef {object} Draft
 * @property {string} visitId
 * @property {boolean} isNew whether nobody had planned it
 * @property {string} outcome
 * @property {string} day
 * @property {string} time
 * @property {string} minutes
 * @property {string} place
 * @property {string[]} present
 * @property {string[]} themes
 * @property {string} interpreter a category, or empty
 * @property {string} language
 * @property {string} why why nobody qualified interpreted
 * @property {Record<string, { state: string, words: string, by: string }>} needs looks at open needs, by their ids
 * @property {{ words: string, wish: string, by: string }} need a new one
 * @property {string} note
 * @property {string} about whom the note is about
 * @property {{ day: string, time: string, place: string }} next
 * @property {Record<string, string>} ids of what is made when it is saved, so that saving twice makes one
 */
/** What is wrong, by the field that it is about. @typedef {Record<string, string>} Flaws */

const USUAL_MINUTES = 60;
const MOST_MINUTES = 600;

/**
 * The form as it begins: prefilled from what was agreed.
 * @param {Family} family
 * @param {Shown | null} visit the visit that was planned or agreed on; null for one that just happened
 * @param {Date} now
 * @returns {Draft}
 */
export function begun(family, visit, now) {
  const minutes = Number(visit?.body.minutes || USUAL_MINUTES);
  const at = visit?.body.at && new Date(visit.body.at) <= now ? new Date(visit.body.at) : new Date(now.getTime() - minutes * 60_000);
  const adults = adultsOf(family);
  const needed = adults.map((one) => one.body.interpreter).find(Boolean);
  return {
    visitId: visit?.id ?? newId(now.getTime()),
    isNew: visit === null,
    outcome: "done",
    day: osloDay(at),
    time: osloClock(at),
    minutes: String(minutes),
    place: visit?.body.place ?? "hjemme",
    present: usuallyPresent(family),
    themes: [],
    interpreter: "",
    language: visit?.body.interpreter?.language ?? needed?.language ?? "",
    why: "",
    needs: {},
    need: { words: "", wish: "", by: adults[0]?.id ?? "" },
    note: "",
    about: noteAbout(family),
    next: { day: "", time: "", place: "hjemme" },
    ids: { note: newId(now.getTime()), need: newId(now.getTime()), next: newId(now.getTime()) },
  };
}

/** The day that the plan has for the next visit; empty where it has none. @param {Family} family @param {string} visitId the one that is written @param {string} today @returns {string} */
export function nextInPlan(family, visitId, today) {
  const planned = family.ofKind("visit").filter((one) => one.id !== visitId && one.body.state === "planned");
  const days = planned.map(({ body }) => String(body.ideal ?? body.opens ?? ""));
  return days.filter((day) => day > today).toSorted()[0] ?? "";
}

/** Open needs, the oldest first: what the parents said comes before everything else. @param {Family} family @returns {Shown[]} */
export function openNeeds(family) {
  const open = family.ofKind("need").filter((one) => !CLOSED.includes(one.body.state));
  return open.toSorted((one, other) => String(one.body.stated_at ?? "~").localeCompare(String(other.body.stated_at ?? "~")));
}

/** Adults who live, the mother first. @param {Family} family @returns {Shown[]} */
export function adultsOf(family) {
  return inOrder(family.ofKind("member").filter((one) => one.body.role !== "barn" && !one.body.died_on));
}

/** Children who live. @param {Family} family @returns {Shown[]} */
export function childrenOf(family) {
  return inOrder(family.ofKind("member").filter((one) => one.body.role === "barn" && !one.body.died_on && !one.body.stillborn));
}

/**
 * What is wrong with the form, in words, by field. Nothing of it is lost by it.
 * @param {Draft} draft
 * @param {Date} now
 * @returns {Flaws}
 */
export function flawsOf(draft, now) {
  return { ...flawsOfTime(draft, now), ...flawsOfWords(draft), ...flawsOfNext(draft, now), ...flawsOfInterpreting(draft) };
}

/**
 * What is saved, all or nothing: the visit with what was said and agreed in it.
 * @param {Draft} draft without flaws
 * @returns {Record<string, unknown>[]}
 */
export function operationsOf(draft) {
  const tookPlace = draft.outcome === "done";
  const note = draft.note.trim();
  return [
    visitRecorded(draft, tookPlace),
    ...(draft.need.words.trim() ? [needStated(draft)] : []),
    ...Object.entries(draft.needs).filter(([, look]) => look.state).map(([needId, look]) => needLookedAt(draft, needId, look)),
    ...(note ? [{ op: "note.write", note_id: draft.ids.note, member_id: draft.about, visit_id: draft.visitId, text: note }] : []),
  ];
}

/** When the visit was, by her word. @param {Draft} draft @returns {Date} */
export function momentOf(draft) {
  return /** @type {Date} */ (osloInstant(draft.day, draft.time));
}

/** @param {Draft} draft @param {boolean} tookPlace */
function visitRecorded(draft, tookPlace) {
  const following = draft.next.day ? { next_visit: nextAgreed(draft) } : {};
  const told = { op: "visit.record", visit_id: draft.visitId, outcome: draft.outcome, at: momentOf(draft).toISOString(), place: draft.place };
  if (!tookPlace) return { ...told, minutes: 0, ...following };
  return { ...told, minutes: Number(draft.minutes), present: draft.present, themes: draft.themes, ...interpreted(draft), ...following };
}

/** @param {Draft} draft */
function interpreted({ interpreter, language, why }) {
  if (!interpreter) return {};
  return { interpreter: { category: interpreter, language, ...(why.trim() ? { why_unqualified: why.trim() } : {}) } };
}

/** @param {Draft} draft */
function nextAgreed({ next, ids }) {
  const at = next.time ? { at: /** @type {Date} */ (osloInstant(next.day, next.time)).toISOString() } : {};
  return { id: ids.next, on: next.day, ...at, place: next.place };
}

/** @param {Draft} draft */
function needStated({ need, ids, visitId }) {
  const wish = need.wish.trim() ? { wish: need.wish.trim() } : {};
  return { op: "need.state", need_id: ids.need, stated_by: need.by, words: need.words.trim(), ...wish, visit_id: visitId };
}

/** @param {Draft} draft @param {string} needId @param {{ state: string, words: string, by: string }} look */
function needLookedAt(draft, needId, look) {
  const words = look.words.trim() ? { words: look.words.trim() } : {};
  const told = { review_id: draft.ids[needId], need_id: needId, state: look.state, ...words, visit_id: draft.visitId };
  return CLOSED.includes(look.state) ? { op: "need.close", closed_by: look.by, ...told } : { op: "need.review", ...told };
}

/** @param {Draft} draft @param {Date} now @returns {Flaws} */
function flawsOfTime(draft, now) {
  /** @type {Flaws} */
  const flaws = {};
  const at = osloInstant(draft.day, draft.time);
  if (at === null) flaws.day = gettext("Say on which day and at what time it was.");
  else if (at > now) flaws.day = gettext("That is still to come. A visit is written down when it has begun.");
  const minutes = Number(draft.minutes);
  const isLong = Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES;
  if (draft.outcome === "done" && !isLong) flaws.minutes = gettext("Say how many minutes it lasted: 1 to 600.");
  return flaws;
}

/** @param {Draft} draft @returns {Flaws} */
function flawsOfWords(draft) {
  /** @type {Flaws} */
  const flaws = {};
  if (draft.note.length > NOTE_CHARS) flaws.note = tooLong(draft.note.length, NOTE_CHARS);
  if (draft.need.words.length > NEED_CHARS) flaws.need = tooLong(draft.need.words.length, NEED_CHARS);
  if (draft.need.wish.trim() && !draft.need.words.trim()) flaws.need = gettext("Write what the parents said.");
  if (draft.need.words.trim() && !draft.need.by) flaws["need-by"] = gettext("Choose who said it.");
  return flaws;
}

/** @param {Draft} draft @param {Date} now @returns {Flaws} */
function flawsOfNext({ next }, now) {
  if (!next.day) return next.time ? { next: gettext("Say which day, too.") } : {};
  if (next.day < osloDay(now)) return { next: gettext("That day has passed.") };
  return next.time && osloInstant(next.day, next.time) === null ? { next: gettext("That is no time of day.") } : {};
}

/** @param {Draft} draft @returns {Flaws} */
function flawsOfInterpreting({ outcome, interpreter, language, why }) {
  if (outcome !== "done" || !interpreter) return {};
  if (!language) return { interpreter: gettext("Choose the language that was interpreted.") };
  const isTold = !WITHOUT_QUALIFIED.includes(interpreter) || why.trim() !== "";
  return isTold ? {} : { why: gettext("Say why there was no qualified interpreter. The law asks for it.") };
}

/** @param {Family} family */
function usuallyPresent(family) {
  const mother = adultsOf(family).find((one) => one.body.role === "mor");
  return [...(mother ? ["mor"] : []), ...(childrenOf(family).length > 0 ? ["barn"] : [])];
}

/** The note is about the child where there is one, else about the mother. @param {Family} family */
function noteAbout(family) {
  return (childrenOf(family)[0] ?? adultsOf(family)[0])?.id ?? "";
}
