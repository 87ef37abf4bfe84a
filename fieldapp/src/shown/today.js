// @ts-check
// A nurse's day out of her families' records: what is next, what else is today, what is late, what is to be agreed on.

import { osloDay } from "../words.js";
import { daysBetween } from "./days.js";
import { age, delbydelName, familyName, inOrder, languageName, memberName, roleWords, visitName } from "./naming.js";

/** @typedef {{ family: string, kind: string, id: string, rev: number | null, body: any, pending: string[] }} Row */
/**
 * One visit as a card shows it. Words that are empty are left out.
 * @typedef {object} Card
 * @property {string} family
 * @property {string} visit
 * @property {string} name what the family is called
 * @property {string} what the kind of visit
 * @property {Date | null} at when it is agreed
 * @property {Date | null} ends
 * @property {string | null} day the day that it is agreed for, or by which it should be
 * @property {string} area the delbydel
 * @property {string} address
 * @property {string} directions
 * @property {string} place "hjemme", "helsestasjon", "telefon", "annet"
 * @property {string} agreed what was agreed on, in the words that were written
 * @property {Person[]} people
 * @property {Interpreted | null} interpreter
 * @property {boolean} notAlone
 * @property {string} safety
 * @property {boolean} others another nurse is to go
 * @property {boolean} unsent something of it waits on the phone
 * @property {string} state
 */
/** @typedef {{ name: string, role: string, age: string, phone: string, isChild: boolean }} Person */
/** @typedef {{ language: string, dialect: string, booked: boolean, remote: boolean, confirmed: boolean, askAgain: boolean }} Interpreted */
/** @typedef {{ next: Card | null, rest: Card[], late: Card[], due: Card[], done: Card[], tomorrow: Card[], soon: Card[], families: number }} Day */

/** A visit that nobody gave a length lasts about this long. */
const USUAL_MINUTES = 60;
/** What is agreed is shown this far ahead. */
const DAYS_AHEAD = 7;

/**
 * The ids of the families that the day shows: those that the other rows are to be opened of.
 * @param {readonly Row[]} visits
 * @param {Date} now
 * @returns {string[]}
 */
export function familiesShown(visits, now) {
  const today = osloDay(now);
  return [...new Set(visits.filter((one) => isShown(one, today)).map((one) => one.family))];
}

/**
 * The day.
 * @param {{ visits: readonly Row[], members: readonly Row[], addresses: readonly Row[], families: number }} rows
 * @param {Date} now
 * @param {string | null} me the nurse's account, to tell her visits from a colleague's
 * @returns {Day}
 */
export function dayShown({ visits, members, addresses, families }, now, me) {
  const today = osloDay(now);
  const own = { members: byFamily(members), addresses: byFamily(addresses), today, me };
  const cards = visits.filter((one) => isShown(one, today)).map((one) => cardOf(one, own));
  const agreed = cards.filter((one) => one.state === "booked" && one.at).sort(byTime);
  const todays = agreed.filter((one) => one.day === today);
  const next = nextOf(todays, now);
  return {
    next,
    rest: todays.filter((one) => one !== next),
    late: agreed.filter((one) => before(one.day, today)),
    due: cards.filter((one) => one.state === "planned").sort(byDay),
    done: cards.filter((one) => one.state === "done" || one.state === "not_home").sort(byTime),
    tomorrow: agreed.filter((one) => daysBetween(today, one.day ?? today) === 1),
    soon: agreed.filter((one) => daysBetween(today, one.day ?? today) > 1),
    families,
  };
}

/** @param {Row} visit @param {string} today */
function isShown({ body }, today) {
  switch (body.state) {
    case "booked":
      return Boolean(body.at) && daysBetween(today, osloDay(new Date(body.at))) <= DAYS_AHEAD;
    case "planned":
      // A rhythm is a suggestion: only what has a last day is ever due.
      return Boolean(body.opens && body.closes) && body.opens <= today;
    case "done":
    case "not_home":
      return Boolean(body.at) && osloDay(new Date(body.at)) === today;
    default:
      return false;
  }
}

/** The first that has not ended; what is over and not written is still to be done, after it. @param {Card[]} todays @param {Date} now */
function nextOf(todays, now) {
  return todays.find((one) => one.ends !== null && one.ends > now) ?? todays[0] ?? null;
}

/** @param {Row} row @param {{ members: Map<string, Row[]>, addresses: Map<string, Row[]>, today: string, me: string | null }} own @returns {Card} */
function cardOf({ family, id, body, pending }, { members, addresses, today, me }) {
  const people = members.get(family) ?? [];
  const at = body.at ? new Date(body.at) : null;
  const address = addressOn(addresses.get(family) ?? [], today);
  return {
    family,
    visit: id,
    name: familyName(people, family),
    what: visitName(body.kind),
    at,
    ends: at && new Date(at.getTime() + (body.minutes ?? USUAL_MINUTES) * 60_000),
    day: at ? osloDay(at) : (body.closes ?? null),
    area: delbydelName(address?.delbydel),
    address: [address?.lines, address?.postal_code].filter(Boolean).join(", "),
    directions: address?.directions ?? "",
    place: body.place ?? "hjemme",
    agreed: body.agreed ?? "",
    people: peopleOf(people, today),
    interpreter: interpreterOf(body, people),
    notAlone: Boolean(body.not_alone),
    safety: body.safety_note ?? "",
    others: Boolean(me && body.nurse_id && body.nurse_id !== me && body.second_nurse_id !== me),
    unsent: pending.length > 0,
    state: body.state,
  };
}

/** @param {readonly Row[]} addresses @param {string} today */
function addressOn(addresses, today) {
  const valid = addresses.map((one) => one.body).filter((one) => one.valid_from <= today && (!one.valid_to || today < one.valid_to));
  return valid.sort((one, two) => String(two.valid_from).localeCompare(one.valid_from))[0] ?? null;
}

/** @param {readonly Row[]} members @param {string} today @returns {Person[]} those who live */
function peopleOf(members, today) {
  return inOrder(members.filter((one) => !one.body.died_on && !one.body.stillborn)).map(({ body }) => ({
    name: memberName(body),
    role: roleWords(body.role),
    age: body.role === "barn" && body.born_on ? age(body.born_on, today) : "",
    phone: body.phone ?? "",
    isChild: body.role === "barn",
  }));
}

/** Who is to interpret: as it was booked, else that somebody needs it. @param {any} visit @param {readonly Row[]} members @returns {Interpreted | null} */
function interpreterOf(visit, members) {
  const booked = visit.interpreter;
  const needed = members.map((one) => one.body.interpreter).find(Boolean);
  const told = booked ?? needed;
  if (!told) return null;
  return {
    language: languageName(told.language),
    dialect: told.dialect ?? "",
    booked: Boolean(booked),
    remote: Boolean(booked?.remote),
    confirmed: Boolean(booked?.confirmed),
    askAgain: Boolean(booked?.ask_again),
  };
}

/** @param {readonly Row[]} rows @returns {Map<string, Row[]>} */
function byFamily(rows) {
  const found = new Map();
  for (const one of rows) found.set(one.family, [...(found.get(one.family) ?? []), one]);
  return found;
}

/** @param {string | null} day @param {string} today */
function before(day, today) {
  return day !== null && day < today;
}

/** @param {Card} one @param {Card} two */
function byTime(one, two) {
  return (one.at?.getTime() ?? 0) - (two.at?.getTime() ?? 0);
}

/** @param {Card} one @param {Card} two */
function byDay(one, two) {
  return String(one.day).localeCompare(String(two.day));
}
