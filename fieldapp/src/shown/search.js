// @ts-check
// Finding a family by what a nurse remembers of it: a name, a child's name, the address, a telephone number.

import { age, delbydelName, familyName, inOrder, memberName } from "./naming.js";

/** @typedef {import("./today.js").Row} Row */
/** @typedef {{ family: string, name: string, area: string, children: string, texts: string[], digits: string[] }} Entry */

/** The least digits that are looked for in telephone numbers. */
const LEAST_DIGITS = 3;

/**
 * What can be found: one entry for each family that the phone has.
 * @param {{ members: readonly Row[], addresses: readonly Row[] }} rows
 * @param {string} today
 * @returns {Entry[]} by name
 */
export function entries({ members, addresses }, today) {
  const families = [...new Set([...members, ...addresses].map((one) => one.family))];
  const found = families.map((family) => {
    const own = members.filter((one) => one.family === family);
    const places = addresses.filter((one) => one.family === family && !(one.body.valid_to && one.body.valid_to <= today));
    return entry(family, own, places, today);
  });
  return found.sort((one, two) => one.name.localeCompare(two.name, "nb"));
}

/**
 * The entries in which every word that was typed is found; all of them while nothing is typed.
 * @param {readonly Entry[]} all
 * @param {string} typed
 * @returns {Entry[]}
 */
export function matching(all, typed) {
  const digits = typed.replace(/[^0-9]/g, "");
  const isNumber = digits.length >= LEAST_DIGITS && /^[\d\s+()-]+$/.test(typed.trim());
  const words = folded(typed).split(" ").filter(Boolean);
  return all.filter((one) => (isNumber && one.digits.some((number) => number.includes(digits))) || words.every((word) => one.texts.some((text) => hasWord(text, word))));
}

/** @param {string} family @param {readonly Row[]} members @param {readonly Row[]} addresses @param {string} today @returns {Entry} */
function entry(family, members, addresses, today) {
  const children = inOrder(members).filter((one) => one.body.role === "barn" && !one.body.died_on && !one.body.stillborn);
  const area = delbydelName(addresses[0]?.body.delbydel);
  const told = [...members.map((one) => one.body.name), ...addresses.flatMap((one) => [one.body.lines, one.body.postal_code, delbydelName(one.body.delbydel)])];
  return {
    family,
    name: familyName(members, family),
    area,
    children: children.map((one) => [memberName(one.body), one.body.born_on ? age(one.body.born_on, today) : ""].filter(Boolean).join(", ")).join("; "),
    texts: told.filter(Boolean).map(folded),
    digits: members.map((one) => String(one.body.phone ?? "").replace(/[^0-9]/g, "")).filter(Boolean),
  };
}

/** @param {string} text @param {string} word whether a word of the text begins with it */
function hasWord(text, word) {
  return ` ${text}`.includes(` ${word}`);
}

/** Small letters without accents; æ, ø and å stay letters of their own. @param {string} text */
function folded(text) {
  const kept = text.toLowerCase().replace(/[æøå]/g, (letter) => ({ æ: "\u0001", ø: "\u0002", å: "\u0003" })[letter] ?? letter);
  const plain = kept.normalize("NFD").replace(/\p{Diacritic}/gu, "").replace(/[^\p{Letter}\p{Number}\u0001-\u0003]+/gu, " ");
  return plain.replace(/[\u0001-\u0003]/g, (mark) => ({ "\u0001": "æ", "\u0002": "ø", "\u0003": "å" })[mark] ?? mark).trim();
}
