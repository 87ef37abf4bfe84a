// @ts-check
// A family out of its records: who is who, what they said, what is agreed, what was written.

import { osloDay } from "../words.js";
import { CLOSED } from "./choices.js";
import { age, delbydelName, familyName, inOrder, memberName, roleWords, visitName } from "./naming.js";
import { expected } from "./telling.js";

/** @typedef {import("../client/showing.js").Family} Family */
/** @typedef {import("../client/showing.js").Shown} Shown */
/** @typedef {import("../client/showing.js").Stands} Stands */
/** @typedef {{ id: string, name: string, what: string, age: string, phone: string, language: string, isGone: boolean, stands: Stands | null }} Person */
/** @typedef {{ id: string, words: string, wish: string, by: string, at: string | null, state: string, stands: Stands | null }} Need */
/** @typedef {{ id: string, about: string, text: string, kind: string, at: string | null, mine: boolean, before: string[], stands: Stands | null }} Note */
/** @typedef {{ id: string, what: string, state: string, at: string | null, opens: string | null, closes: string | null, place: string | null, agreed: string, stands: Stands | null }} Visit */
/**
 * @typedef {object} Page
 * @property {string} name
 * @property {Person[]} people
 * @property {{ area: string, lines: string, directions: string } | null} address
 * @property {Need[]} needs open ones
 * @property {Need[]} closed
 * @property {Visit[]} coming
 * @property {Visit[]} past
 * @property {Note[]} notes the newest first
 * @property {string | null} pregnancy the one that is expected
 * @property {string | null} term
 * @property {boolean} isLost a pregnancy was lost, and no child of it lives
 * @property {number} unreadable mutations of ours that this phone cannot show any more
 * @property {number} deciding
 */

/**
 * The family as its page shows it.
 * @param {Family} family
 * @param {Date} now
 * @param {string | null} me the nurse's account
 * @returns {Page}
 */
export function familyPage(family, now, me) {
  const today = osloDay(now);
  const members = family.ofKind("member");
  const names = new Map(members.map((one) => [one.id, memberName(one.body)]));
  const stands = standsBy(family);
  const needs = family.ofKind("need").map((one) => needOf(one, names, stands));
  const visits = family.ofKind("visit").map((one) => visitOf(one, stands));
  const awaited = expected(family);
  return {
    name: familyName(members, family.id),
    people: inOrder(members).map((one) => personOf(one, today, stands)),
    address: addressOf(family, today),
    needs: needs.filter((one) => !CLOSED.includes(one.state)).toSorted(byAt),
    closed: needs.filter((one) => CLOSED.includes(one.state)).toSorted(byAt),
    coming: visits.filter((one) => one.state === "booked" || one.state === "planned").toSorted(byWhen),
    past: visits.filter((one) => one.state === "done" || one.state === "not_home").toSorted((one, other) => byWhen(other, one)),
    notes: notesOf(family, names, stands, me),
    pregnancy: awaited?.id ?? null,
    term: awaited?.term || null,
    isLost: family.ofKind("pregnancy").some((one) => ["tapt", "dodfodt"].includes(one.body.outcome)) && !members.some((one) => one.body.role === "barn" && !one.body.stillborn && !one.body.died_on),
    unreadable: family.pending.filter((one) => one.standing === "escrow-only").length,
    deciding: family.ofKind("inbox").filter((one) => !one.body.decided_at).length,
  };
}

/**
 * How what is pending stands, by the mutation's id.
 * @param {Family} family
 * @returns {(one: Shown) => Stands | null}
 */
export function standsBy(family) {
  const known = new Map(family.pending.map((one) => [one.id, one.standing]));
  return (one) => known.get(one.pending.at(-1) ?? "") ?? null;
}

/** @param {Shown} one @param {string} today @param {(one: Shown) => Stands | null} stands @returns {Person} */
function personOf(one, today, stands) {
  const { body } = one;
  const isChild = body.role === "barn";
  return {
    id: one.id,
    name: memberName(body),
    what: roleWords(body.role),
    age: isChild && body.born_on && !body.died_on && !body.stillborn ? age(body.born_on, today) : "",
    phone: body.phone ?? "",
    language: body.interpreter?.language ?? "",
    isGone: Boolean(body.died_on || body.stillborn),
    stands: stands(one),
  };
}

/** @param {Family} family @param {string} today */
function addressOf(family, today) {
  const valid = family.ofKind("address").map((one) => one.body).filter((one) => one.valid_from <= today && (!one.valid_to || today < one.valid_to));
  const last = valid.toSorted((one, other) => String(other.valid_from).localeCompare(one.valid_from))[0];
  if (!last) return null;
  return { area: delbydelName(last.delbydel), lines: [last.lines, last.postal_code].filter(Boolean).join(", "), directions: last.directions ?? "" };
}

/** @param {Shown} one @param {Map<string, string>} names @param {(one: Shown) => Stands | null} stands @returns {Need} */
function needOf(one, names, stands) {
  const { body } = one;
  return { id: one.id, words: body.words ?? "", wish: body.wish ?? "", by: names.get(body.stated_by) ?? "", at: body.stated_at ?? null, state: body.state, stands: stands(one) };
}

/** @param {Shown} one @param {(one: Shown) => Stands | null} stands @returns {Visit} */
function visitOf(one, stands) {
  const { body } = one;
  return { id: one.id, what: visitName(body.kind ?? "avtalt"), state: body.state, at: body.at ?? null, opens: body.opens ?? body.ideal ?? null, closes: body.closes ?? null, place: body.place ?? null, agreed: body.agreed ?? "", stands: stands(one) };
}

/** Notes with the versions that they correct below them. @param {Family} family @param {Map<string, string>} names @param {(one: Shown) => Stands | null} stands @param {string | null} me @returns {Note[]} */
function notesOf(family, names, stands, me) {
  const all = family.ofKind("note");
  const byId = new Map(all.map((one) => [one.id, one]));
  const corrected = new Set(all.map((one) => one.body.corrects).filter(Boolean));
  return all
    .filter((one) => !corrected.has(one.id))
    .map((one) => {
      const before = versionsBefore(one, byId);
      const first = before.at(-1) ?? one;
      return { id: one.id, about: names.get(first.body.member_id) ?? "", text: one.body.text ?? "", kind: first.body.kind ?? "ordinary", at: one.body.filing?.occurred_at ?? one.body.signed_at ?? null, mine: !one.body.signed_by || one.body.signed_by === me, before: before.map((old) => old.body.text ?? ""), stands: stands(one) };
    })
    .toSorted((one, other) => String(other.at ?? "~").localeCompare(String(one.at ?? "~")));
}

/** @param {Shown} note @param {Map<string, Shown>} byId @returns {Shown[]} the newest first */
function versionsBefore(note, byId) {
  /** @type {Shown[]} */
  const found = [];
  for (let at = byId.get(note.body.corrects); at && !found.includes(at); at = byId.get(at.body.corrects)) found.push(at);
  return found;
}

/** @param {{ at: string | null }} one @param {{ at: string | null }} other */
function byAt(one, other) {
  return String(one.at ?? "~").localeCompare(String(other.at ?? "~"));
}

/** @param {Visit} one @param {Visit} other */
function byWhen(one, other) {
  return String(one.at ?? one.opens ?? "~").localeCompare(String(other.at ?? other.opens ?? "~"));
}
