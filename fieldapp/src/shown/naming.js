// @ts-check
// What people, places, languages and visits are called.

import { gettext, language, ngettext } from "../words.js";
import { places, roles, wordsOf } from "./choices.js";
import { daysBetween } from "./days.js";
import { DELBYDELER, VISITS } from "./names.js";

/** @typedef {import("../client/showing.js").Shown} Shown */
/** @typedef {import("../client/showing.js").Family} Family */

const ROLES = ["mor", "far", "medmor", "foresatt", "barn"];
/** CLDR's names for these are not what nurses call them. @type {Record<string, () => string>} */
const NAMED_BY_US = {
  prs: () => gettext("Dari"),
  kmr: () => gettext("Kurdish (Kurmanji)"),
  ckb: () => gettext("Kurdish (Sorani)"),
  nb: () => gettext("Norwegian"),
};

/** The name of a kind of visit; the kind itself where we know none. @param {string} kind @returns {string} */
export function visitName(kind) {
  if (kind === "avtalt") return gettext("Agreed visit");
  const names = VISITS[kind];
  return names ? names[language() === "nb" ? 0 : 1] : kind;
}

/** The name of a delbydel; empty where there is none. @param {string | null | undefined} code @returns {string} */
export function delbydelName(code) {
  return code ? (DELBYDELER[code] ?? code) : "";
}

/** What a member is in the family. @param {string} role @returns {string} */
export function roleWords(role) {
  return wordsOf(roles(), role);
}

/** Where a visit takes place. @param {string | null | undefined} place @returns {string} */
export function placeWords(place) {
  return wordsOf(places(), place ?? "");
}

/** The name of a language within a sentence; what was written where it is no code. @param {string | null | undefined} code @returns {string} */
export function languageName(code) {
  if (!code) return "";
  if (NAMED_BY_US[code]) return NAMED_BY_US[code]();
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A member's name, or what she is where no name is known. @param {any} body @returns {string} */
export function memberName(body) {
  return body.name || (body.role === "barn" ? gettext("The child") : roleWords(body.role ?? ""));
}

/** A child's age as nurses say it: days, then weeks, months, years. @param {string} bornOn @param {string} today @returns {string} */
export function age(bornOn, today) {
  const days = daysBetween(bornOn, today);
  if (days < 0) return "";
  if (days < 15) return ngettext("%(num)s day old", "%(num)s days old", days);
  if (days < 92) return ngettext("%(num)s week old", "%(num)s weeks old", Math.floor(days / 7));
  const months = monthsBetween(bornOn, today);
  if (months < 24) return ngettext("%(num)s month old", "%(num)s months old", months);
  return ngettext("%(num)s year old", "%(num)s years old", Math.floor(months / 12));
}

/** The family's members, the mother first and the children last. @param {readonly Shown[]} members @returns {Shown[]} */
export function inOrder(members) {
  return [...members].sort((one, two) => place(one) - place(two) || String(one.body.name ?? "").localeCompare(String(two.body.name ?? "")));
}

/**
 * What a family is called: its adults' names; those who have died are named where nobody lives.
 * @param {readonly Shown[]} members
 * @param {string} familyId
 * @returns {string}
 */
export function familyName(members, familyId) {
  const adults = inOrder(members).filter((one) => one.body.role !== "barn");
  const living = adults.filter((one) => !one.body.died_on);
  const names = (living.length > 0 ? living : adults).map((one) => one.body.name).filter(Boolean);
  const last = names.pop();
  if (!last) return gettext("Family %(short)s", { short: familyId.slice(-6) });
  return names.length > 0 ? gettext("%(names)s and %(last)s", { names: names.join(", "), last }) : last;
}

/** @param {Shown} one */
function place(one) {
  const found = ROLES.indexOf(one.body.role);
  return found < 0 ? ROLES.length : found;
}

/** @param {string} from @param {string} to */
function monthsBetween(from, to) {
  const [fromYear, fromMonth, fromDay] = from.split("-").map(Number);
  const [toYear, toMonth, toDay] = to.split("-").map(Number);
  return (toYear - fromYear) * 12 + toMonth - fromMonth - (toDay < fromDay ? 1 : 0);
}
