// @ts-check
// What is told of a family: that it is new, a birth, a loss, how needs stand, words to the next nurse. Drafts in, operations out.

import { NAME_CHARS, NEED_CHARS, NOTE_CHARS } from "../wire/limits.js";
import { gettext } from "../words.js";
import { CLOSED } from "./choices.js";
import { daysBetween } from "./days.js";
import { tooLong } from "./lengths.js";
import { DELBYDELER } from "./names.js";

/** @typedef {import("./choices.js").Choices} Choices */
/** @typedef {import("../client/showing.js").Family} Family */
/** What is wrong, by the field's name. @typedef {Record<string, string>} Flaws */
/** @typedef {{ name: string, nationalId: string, stillborn: boolean }} ChildDraft */
/** @typedef {{ ids: { children: string[] }, bornOn: string, homeOn: string, children: ChildDraft[] }} BirthDraft */
/** @typedef {{ outcome: string, on: string }} LossDraft */
/** @typedef {{ ids: { family: string, one: string, two: string, address: string, pregnancy: string }, oneRole: string, oneName: string, onePhone: string, oneLanguage: string, oneInterpreter: boolean, twoRole: string, twoName: string, twoPhone: string, term: string, expected: string, basis: string, lines: string, postalCode: string, delbydel: string, directions: string }} RegisterDraft */

export const MOST_CHILDREN = 6;
const DIRECTIONS_CHARS = 1_000;
const PHONE_CHARS = 32;

/** Why a family is offered the programme. @returns {Choices} */
export function bases() {
  return [
    ["forste_barn", gettext("First child")],
    ["forste_barn_sammen", gettext("First child together")],
    ["forste_barn_i_norge", gettext("First child in Norway")],
    ["flerbarn_utvidet_behov", gettext("Has children already, and an extended need")],
  ];
}

/** What a loss was. @returns {Choices} */
export function losses() {
  return [
    ["tapt", gettext("The pregnancy ended")],
    ["dodfodt", gettext("The child was stillborn")],
  ];
}

/** The pregnancy whose end nobody has told; null where there is none. @param {Family} family @returns {{ id: string, term: string, expected: number } | null} */
export function expected(family) {
  const found = family.ofKind("pregnancy").find(({ body }) => !body.ended_on && (body.outcome ?? "ventet") === "ventet");
  return found ? { id: found.id, term: found.body.term ?? "", expected: Number(found.body.expected ?? 1) } : null;
}

/** @param {string} today @param {number} expected @param {() => string} newId @returns {BirthDraft} */
export function beginBirth(today, expected, newId) {
  const rooms = Array.from({ length: Math.min(Math.max(expected, 1), MOST_CHILDREN) });
  return { ids: { children: Array.from({ length: MOST_CHILDREN }, newId) }, bornOn: today, homeOn: "", children: rooms.map(newChild) };
}

/** @returns {ChildDraft} */
export function newChild() {
  return { name: "", nationalId: "", stillborn: false };
}

/** @param {BirthDraft} draft @param {string} today @returns {Flaws} */
export function birthFlaws(draft, today) {
  /** @type {Flaws} */
  const flaws = {};
  if (!draft.bornOn) flaws.bornOn = gettext("Choose the date of birth.");
  else if (draft.bornOn > today) flaws.bornOn = gettext("That day has not come yet.");
  if (draft.homeOn && draft.bornOn && draft.homeOn < draft.bornOn) flaws.homeOn = gettext("They came home before the birth. Look at the two days once more.");
  else if (draft.homeOn > today) flaws.homeOn = gettext("That day has not come yet.");
  draft.children.forEach((child, place) => {
    if (child.name.length > NAME_CHARS) flaws[`child${place}-name`] = gettext("The name is too long.");
    if (child.nationalId && !/^\d{11}$/.test(digits(child.nationalId))) flaws[`child${place}-number`] = gettext("A national identity number has eleven digits. Leave it empty if it has not come.");
  });
  return flaws;
}

/** @param {BirthDraft} draft @param {string} pregnancy @returns {Record<string, unknown>[]} */
export function birthOps(draft, pregnancy) {
  const children = draft.children.map((child, place) => ({
    member_id: draft.ids.children[place],
    ...(child.name.trim() ? { name: child.name.trim() } : {}),
    ...(child.nationalId ? { national_id: digits(child.nationalId) } : {}),
    ...(child.stillborn ? { stillborn: true } : {}),
  }));
  return [{ op: "birth.record", pregnancy_id: pregnancy, born_on: draft.bornOn, children, ...(draft.homeOn ? { homecoming_on: draft.homeOn } : {}) }];
}

/** Nothing is chosen beforehand: what happened is for her to say. @returns {LossDraft} */
export function beginLoss() {
  return { outcome: "", on: "" };
}

/** @param {LossDraft} draft @param {string} today @returns {Flaws} */
export function lossFlaws(draft, today) {
  /** @type {Flaws} */
  const flaws = {};
  if (!draft.outcome) flaws.outcome = gettext("Choose what happened.");
  if (!draft.on) flaws.on = gettext("Choose the date.");
  else if (draft.on > today) flaws.on = gettext("That day has not come yet.");
  return flaws;
}

/** @param {LossDraft} draft @param {string} pregnancy @returns {Record<string, unknown>[]} */
export function lossOps(draft, pregnancy) {
  return [{ op: "loss.record", pregnancy_id: pregnancy, outcome: draft.outcome, on: draft.on }];
}

/** @param {() => string} newId @returns {RegisterDraft} */
export function beginRegister(newId) {
  return {
    ids: { family: newId(), one: newId(), two: newId(), address: newId(), pregnancy: newId() },
    oneRole: "mor", oneName: "", onePhone: "", oneLanguage: "", oneInterpreter: false,
    twoRole: "far", twoName: "", twoPhone: "",
    term: "", expected: "1", basis: "",
    lines: "", postalCode: "", delbydel: "", directions: "",
  };
}

/** @param {RegisterDraft} draft @param {string} today @returns {Flaws} */
export function registerFlaws(draft, today) {
  /** @type {Flaws} */
  const flaws = {};
  if (!draft.oneName.trim()) flaws.oneName = gettext("Write the name.");
  for (const name of /** @type {const} */ (["oneName", "twoName"])) if (draft[name].length > NAME_CHARS) flaws[name] = gettext("The name is too long.");
  for (const name of /** @type {const} */ (["onePhone", "twoPhone"])) if (draft[name].length > PHONE_CHARS) flaws[name] = gettext("The number is too long.");
  if (!draft.twoName.trim() && draft.twoPhone.trim()) flaws.twoName = gettext("Write the name.");
  if (draft.oneInterpreter && !draft.oneLanguage) flaws.oneLanguage = gettext("Choose the language of the interpreter.");
  if (!draft.term) flaws.term = gettext("Choose the due date.");
  else if (Math.abs(daysBetween(today, draft.term)) > 300) flaws.term = gettext("That is far from today. Look at the year once more.");
  if (!/^[1-6]$/.test(draft.expected.trim())) flaws.expected = gettext("Write how many children they expect, from 1 to 6.");
  if (draft.postalCode && !/^\d{4}$/.test(draft.postalCode.trim())) flaws.postalCode = gettext("A postal code has four digits.");
  if (!draft.delbydel) flaws.delbydel = gettext("Choose the delbydel. It says which nurses the family belongs to.");
  if (draft.directions.length > DIRECTIONS_CHARS) flaws.directions = gettext("Make it shorter: 1000 characters at most.");
  return flaws;
}

/** @param {RegisterDraft} draft @param {string} today @returns {Record<string, unknown>[]} */
export function registerOps(draft, today) {
  const interpreter = draft.oneInterpreter ? { interpreter: { language: draft.oneLanguage } } : {};
  const one = { id: draft.ids.one, role: draft.oneRole, name: draft.oneName.trim(), ...told("phone", draft.onePhone), ...told("language", draft.oneLanguage), ...interpreter };
  const two = { id: draft.ids.two, role: draft.twoRole, name: draft.twoName.trim(), ...told("phone", draft.twoPhone) };
  const address = { id: draft.ids.address, delbydel: draft.delbydel, valid_from: today, ...told("lines", draft.lines), ...told("postal_code", draft.postalCode), ...told("directions", draft.directions), source: "familien" };
  return [
    { op: "family.register", members: draft.twoName.trim() ? [one, two] : [one], address },
    { op: "pregnancy.register", pregnancy_id: draft.ids.pregnancy, term: draft.term, expected: Number(draft.expected), ...told("basis", draft.basis) },
  ];
}

/** Delbydeler to choose from, by name. @returns {Choices} */
export function delbydeler() {
  return Object.entries(DELBYDELER).filter(([code]) => !code.startsWith("030199")).sort(([, one], [, two]) => one.localeCompare(two, "nb"));
}

/** @param {{ words: string, wish: string, by: string }} draft @returns {Flaws} */
export function needFlaws({ words, wish, by }) {
  /** @type {Flaws} */
  const flaws = {};
  if (words.trim() === "") flaws.words = gettext("Write what the parents said.");
  for (const [name, told] of Object.entries({ words, wish })) {
    if (told.length > NEED_CHARS) flaws[name] = tooLong(told.length, NEED_CHARS);
  }
  if (by === "") flaws.by = gettext("Choose who said it.");
  return flaws;
}

/** @param {{ looks: Record<string, { state: string, words: string }> }} draft @returns {Flaws} */
export function reviewFlaws({ looks }) {
  const told = Object.entries(looks).filter(([, look]) => look.words.length > NEED_CHARS);
  return Object.fromEntries(told.map(([id, look]) => [`words-${id}`, tooLong(look.words.length, NEED_CHARS)]));
}

/** How needs stand by the parents; what is met or no longer wished for is closed by one of them. @param {{ looks: Record<string, { id: string, state: string, words: string }>, closedBy: string }} draft @returns {Record<string, unknown>[]} */
export function reviewOps({ looks, closedBy }) {
  return Object.entries(looks).filter(([, look]) => look.state).map(([need, { id, state, words }]) => {
    const told = { review_id: id, need_id: need, state, ...(words.trim() ? { words: words.trim() } : {}) };
    return CLOSED.includes(state) ? { op: "need.close", closed_by: closedBy, ...told } : { op: "need.review", ...told };
  });
}

/** @param {{ text: string, about: string }} draft @returns {Flaws} */
export function handoverFlaws({ text, about }) {
  if (!text.trim()) return { text: gettext("Write the note first.") };
  if (text.length > NOTE_CHARS) return { text: tooLong(text.length, NOTE_CHARS) };
  return about ? {} : { about: gettext("Choose whom it is about.") };
}

/** Words to the next nurse: a note that is not shown to the parents in an app. @param {{ id: string, text: string, about: string }} draft @returns {Record<string, unknown>[]} */
export function handoverOps({ id, text, about }) {
  return [{ op: "note.write", note_id: id, member_id: about, text: text.trim(), kind: "ordinary", visible_to_parents: false }];
}

/** @param {string} name @param {string} value */
function told(name, value) {
  return value.trim() ? { [name]: value.trim() } : {};
}

/** @param {string} typed */
function digits(typed) {
  return typed.replace(/\s/g, "");
}
