// @ts-check
// What a nurse chooses from, by its codes, in the words of the pages.

import { gettext } from "../words.js";

/** @typedef {readonly (readonly [code: string, words: string])[]} Choices */

/** How a need stands, as the parents see it. @returns {Choices} */
export function needStates() {
  return [
    ["open", gettext("Open")],
    ["being_met", gettext("We are on it")],
    ["met", gettext("Met")],
    ["no_longer_wished", gettext("No longer wished for")],
  ];
}

/** States that only a parent gives a need. */
export const CLOSED = Object.freeze(["met", "no_longer_wished"]);

/** What came of going there. @returns {Choices} */
export function outcomes() {
  return [
    ["done", gettext("The visit took place")],
    ["not_home", gettext("Nobody was at home")],
  ];
}

/** @returns {Choices} */
export function places() {
  return [
    ["hjemme", gettext("At home")],
    ["helsestasjon", gettext("At the clinic")],
    ["telefon", gettext("By telephone")],
    ["annet", gettext("Another place")],
  ];
}

/** What a parent is in the family. @returns {Choices} */
export function parentRoles() {
  return [
    ["mor", gettext("Mother")],
    ["far", gettext("Father")],
    ["medmor", gettext("Co-mother")],
    ["foresatt", gettext("Guardian")],
  ];
}

/** What a member is in the family. @returns {Choices} */
export function roles() {
  return [...parentRoles(), ["barn", gettext("Child")]];
}

/** Who may have been there. @returns {Choices} */
export function presences() {
  return [
    ...roles(),
    ["sosken", gettext("Brother or sister")],
    ["tolk", gettext("Interpreter")],
    ["student", gettext("Student")],
    ["annen", gettext("Somebody else")],
  ];
}

/** What was spoken about; the parents' own topic first. @returns {Choices} */
export function themes() {
  return [
    ["foreldrenes_tema", gettext("The parents' own topic")],
    ["trygg_start", gettext("A safe start")],
    ["samspill", gettext("Parent and child together")],
    ["foreldremestring", gettext("Mastering parenthood")],
    ["amming_ernaering", gettext("Breastfeeding and nutrition")],
    ["sovn", gettext("Sleep")],
    ["helse", gettext("The child's health")],
    ["foreldrenes_helse", gettext("The parents' health")],
    ["familie_nettverk", gettext("Family and network")],
    ["arbeid_utdanning", gettext("Work and education")],
    ["sikkerhet", gettext("Safety at home")],
    ["fodselsopplevelse", gettext("How the birth was")],
  ];
}

/** Who interpreted. @returns {Choices} */
export function interpreters() {
  return [
    ["A", gettext("Qualified, category A")],
    ["B", gettext("Qualified, category B")],
    ["C", gettext("Qualified, category C")],
    ["D", gettext("Qualified, category D")],
    ["E", gettext("Qualified, category E")],
    ["ukvalifisert", gettext("Not qualified (not in the national register)")],
    ["manglet", gettext("Needed, but none was there")],
  ];
}

/** Interpreting that needs a reason (tolkeloven sections 6 and 7). */
export const WITHOUT_QUALIFIED = Object.freeze(["ukvalifisert", "manglet"]);

/** Kinds of notes; those below the first are read by fewer. @returns {Choices} */
export function noteKinds() {
  return [
    ["ordinary", gettext("Ordinary note")],
    ["concern", gettext("Concern (restricted)")],
    ["violence", gettext("Violence (restricted)")],
    ["mental_health", gettext("Mental health (restricted)")],
  ];
}

/** How a visit stands. @param {string} state @returns {string} */
export function visitState(state) {
  switch (state) {
    case "planned":
      return gettext("Planned");
    case "booked":
      return gettext("Agreed");
    case "done":
      return gettext("Done");
    case "not_home":
      return gettext("Nobody at home");
    case "cancelled_by_family":
      return gettext("Cancelled by the family");
    case "cancelled_by_us":
      return gettext("Cancelled by us");
    default:
      return gettext("No longer relevant");
  }
}

/** The words of a code among choices; the code itself where it is not among them. @param {Choices} choices @param {string} code @returns {string} */
export function wordsOf(choices, code) {
  return choices.find(([one]) => one === code)?.[1] ?? code;
}
