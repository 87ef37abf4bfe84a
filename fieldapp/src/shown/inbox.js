// @ts-check
// What waits for a decision, in words: what it is about, why it is there, both versions, what each choice does.

import { clock, gettext, listed, longDay, osloDay } from "../words.js";
import { needStates, noteKinds, outcomes, places, themes, visitState, wordsOf } from "./choices.js";
import { languageName, memberName } from "./naming.js";

/** @typedef {import("../client/showing.js").Row} Row */
/** @typedef {{ label: string, value: string }} Line */
/** @typedef {{ choose: "current" | "proposed" | "file_held" | "dismiss", words: string, happens: string, needsReason: boolean }} Offered */
/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} family
 * @property {"conflict" | "held" | "parked"} kind
 * @property {string} headline
 * @property {string} why
 * @property {string | null} openedAt
 * @property {boolean} mine whether she sent it herself
 * @property {Line[]} current
 * @property {Line[]} proposed
 * @property {Offered[]} offered
 */

/**
 * One item of the inbox.
 * @param {Row} row
 * @param {Map<string, string>} names members' names by their ids
 * @param {string | null} me
 * @returns {Item}
 */
export function itemOf(row, names, me) {
  const { body } = row;
  const operations = /** @type {Record<string, any>[]} */ (body.operations ?? []);
  const proposed = body.kind === "conflict" ? linesOf(body.proposed, names) : operations.flatMap((op) => linesOf(op, names));
  return {
    id: row.id,
    family: row.family,
    kind: body.kind,
    headline: headlineOf(body, operations),
    why: whyOf(body.reason),
    openedAt: body.opened_at ?? null,
    mine: body.sent_by === me,
    current: linesOf(body.current, names),
    proposed,
    offered: offeredOf(body, operations),
  };
}

/** @param {Record<string, any>} body @param {Record<string, any>[]} operations @returns {Offered[]} */
function offeredOf(body, operations) {
  const read = body.kind === "conflict" ? "current" : "dismiss";
  if (operations.length === 0) {
    return [{ choose: read, words: gettext("I have read it"), happens: "", needsReason: false }];
  }
  if (body.kind !== "conflict") {
    return [
      { choose: "file_held", words: gettext("Carry it out now"), happens: gettext("It is recorded in the name of whoever sent it."), needsReason: body.reason === "outside-hours" },
      { choose: "dismiss", words: gettext("Set it aside"), happens: gettext("Nothing is done. It stays here for good, with the reason that you give."), needsReason: true },
    ];
  }
  return [
    { choose: "current", words: gettext("Keep what stands now"), happens: gettext("Nothing changes. What was sent stays here beside it."), needsReason: false },
    // What the parents closed stays closed: the server would refuse it, and one more thing would wait.
    ...(body.reason === "need-closed" ? [] : [proposed()]),
    { choose: "dismiss", words: gettext("Neither is right"), happens: gettext("Nothing changes for now. Say why, and write what is right afterwards."), needsReason: true },
  ];
}

/** @returns {Offered} */
function proposed() {
  return { choose: "proposed", words: gettext("Use what was sent"), happens: gettext("It takes the place of what stands, which stays here beside it."), needsReason: false };
}

/** @param {Record<string, any>} body @param {Record<string, any>[]} operations */
function headlineOf(body, operations) {
  const about = ABOUT[`${body.record_kind}:${body.value_group}`]?.();
  if (about) return about;
  const said = [...new Set(operations.map((op) => operationWords(op.op)))];
  return said.length > 0 ? listed(said) : gettext("Filed, for you to read");
}

/** @type {Readonly<Record<string, () => string>>} */
const ABOUT = Object.freeze({
  "enrolment:state": () => gettext("Participation"),
  "family:address": () => gettext("Address"),
  "member:death": () => gettext("Death"),
  "member:identity": () => gettext("National identity number"),
  "member:language": () => gettext("Language and interpreter"),
  "member:name": () => gettext("Name"),
  "member:phone": () => gettext("Telephone number"),
  "member:texts": () => gettext("Texts from us"),
  "need:state": () => gettext("How a need stands"),
  "note:correction": () => gettext("Correction of a note"),
  "offer:answer": () => gettext("Answer to an offer"),
  "offer:new": () => gettext("Offer"),
  "pregnancy:homecoming": () => gettext("Coming home"),
  "pregnancy:outcome": () => gettext("How the pregnancy ended"),
  "visit:outcome": () => gettext("What became of a visit"),
  "visit:plan": () => gettext("Agreed visit"),
});

/** @param {string} name */
function operationWords(name) {
  switch (name) {
    case "visit.record":
      return gettext("A visit that took place");
    case "visit.book":
      return gettext("A visit that was agreed on");
    case "visit.cancel":
      return gettext("A visit that was called off");
    case "note.write":
    case "note.correct":
      return gettext("A note");
    case "need.state":
    case "need.review":
    case "need.close":
      return gettext("The parents' needs");
    case "birth.record":
      return gettext("A birth");
    case "loss.record":
      return gettext("A loss");
    case "family.register":
      return gettext("A new family");
    default:
      return gettext("Something that was sent");
  }
}

/** @param {string} reason */
function whyOf(reason) {
  return WHY[reason]?.() ?? gettext("A rule of the programme did not allow it (%(code)s).", { code: reason });
}

/** @type {Readonly<Record<string, () => string>>} */
const WHY = Object.freeze({
  "changed-since": () => gettext("This was changed after the phone had last heard from us."),
  "visit-closed": () => gettext("The visit had been closed by the time this came in."),
  "visit-in-future": () => gettext("The visit is told as done, and had not begun yet. What lies ahead is agreed on."),
  "was-cancelled": () => gettext("The visit had been called off by the time this came in."),
  "another-outcome": () => gettext("Another outcome of the same visit had been recorded already."),
  "need-closed": () => gettext("The parents had closed the need by the time this came in. What they close stays closed."),
  "pregnancy-ended": () => gettext("The pregnancy's end had been recorded otherwise before this came in."),
  "enrolment-closed": () => gettext("The family had left the programme by the time this came in."),
  "programme-ended": () => gettext("A loss had been recorded by the time this came in. Whoever sent it did not know."),
  "member-died": () => gettext("A death had been recorded by the time this came in. Whoever sent it did not know."),
  "address-protected": () => gettext("The address had been protected by the time this came in. Whoever sent it did not know."),
  "parallel-corrections": () => gettext("Two devices corrected the same note. Both corrections stand; look at which is right."),
  late: () => gettext("She had handed the family over when it came in. Her note is signed and filed, marked as late, for you to read."),
  "no-longer-hers": () => gettext("She had handed the family over when it came in. What she wrote as notes is filed; what else she meant is for you to decide."),
  "device-locked": () => gettext("The phone was locked, so that nothing it sends is carried out without a person."),
  "device-wipe": () => gettext("The phone is to be erased, so that nothing it sends is carried out without a person."),
  "device-retired": () => gettext("The phone is out of use, so that nothing it sends is carried out without a person."),
  escrow: () => gettext("It is the copy that a phone left with us before it could send what it had. Nobody has confirmed it."),
  "waits-for-record": () => gettext("It speaks of something that has not come in yet. It goes on waiting, and goes through by itself when that comes."),
  "waits-for-birth": () => gettext("It speaks of a birth that has not been recorded yet. It goes through by itself when that is done."),
  "waits-for-family": () => gettext("It speaks of a family that has not been registered yet."),
  "time-taken": () => gettext("The nurse has another appointment at that time. Agree on another time with the family."),
  "outside-hours": () => gettext("The nurse does not work then. Agree on another time with the family, or carry it out and say why."),
  quarantined: () => gettext("It came in and lies safe, but we could not read it. That is a fault of ours: those who run the programme have been told, and it goes through by itself when it is mended. Ask whoever sent it what it was about, if it cannot wait."),
});

/** What a value or an operation says, line by line; ids and what nobody reads are left out. @param {any} told @param {Map<string, string>} names @returns {Line[]} */
function linesOf(told, names) {
  if (told === null || typeof told !== "object") return [];
  return Object.entries(told).flatMap(([name, value]) => {
    const label = LABELS[name]?.();
    const words = label ? valueWords(name, value, names) : "";
    return label && words ? [{ label, value: words }] : [];
  });
}

/** @type {Readonly<Record<string, () => string>>} */
const LABELS = Object.freeze({
  name: () => gettext("Name"),
  phone: () => gettext("Telephone number"),
  language: () => gettext("Language"),
  at: () => gettext("When"),
  place: () => gettext("Where"),
  minutes: () => gettext("Minutes"),
  outcome: () => gettext("What became of it"),
  state: () => gettext("How it stands"),
  themes: () => gettext("What it was about"),
  text: () => gettext("Note"),
  kind: () => gettext("Kind"),
  words: () => gettext("In their words"),
  wish: () => gettext("What they hope for"),
  reason: () => gettext("Why"),
  lines: () => gettext("Address"),
  postal_code: () => gettext("Postal code"),
  on: () => gettext("On"),
  born_on: () => gettext("Born"),
  homecoming_on: () => gettext("Came home"),
  term: () => gettext("Term"),
  member_id: () => gettext("About"),
  stated_by: () => gettext("Said by"),
  closed_by: () => gettext("Closed by"),
});

/** @param {string} name @param {any} value @param {Map<string, string>} names @returns {string} */
function valueWords(name, value, names) {
  if (value === null || value === undefined || value === "") return "";
  if (["member_id", "stated_by", "closed_by"].includes(name)) return names.get(String(value)) ?? "";
  if (name === "at") return instantWords(String(value));
  if (["on", "born_on", "homecoming_on", "term"].includes(name)) return longDay(String(value));
  if (name === "place") return wordsOf(places(), String(value));
  if (name === "language") return languageName(String(value));
  if (name === "outcome") return wordsOf(outcomes(), String(value));
  if (name === "state") return wordsOf(needStates(), String(value)) === String(value) ? visitState(String(value)) : wordsOf(needStates(), String(value));
  if (name === "themes" && Array.isArray(value)) return listed(value.map((one) => wordsOf(themes(), String(one))));
  if (name === "kind") return wordsOf(noteKinds(), String(value)) === String(value) ? "" : wordsOf(noteKinds(), String(value));
  return typeof value === "object" ? "" : String(value);
}

/** @param {string} instant */
function instantWords(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : `${longDay(osloDay(at))} ${clock(at)}`;
}

/** Members' names by their ids. @param {readonly Row[]} members @returns {Map<string, string>} */
export function namesOf(members) {
  return new Map(members.map((one) => [one.id, memberName(one.body)]));
}
