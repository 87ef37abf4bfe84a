// Days and clocks in words, in Oslo's time whatever the phone is set to.

import { gettext as _, language } from "../words.js";

const ZONE = "Europe/Oslo";
const DAY_MS = 24 * 60 * 60 * 1000;

/** The day in Oslo, "2026-11-23". @param {Date} at @returns {string} */
export function oslo(at) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(at);
}

/** How many days from one day to another. @param {string} from @param {string} to @returns {number} */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T12:00Z`) - Date.parse(`${from}T12:00Z`)) / DAY_MS);
}

/** "09.14", or "09:14" in English. @param {Date} at @returns {string} */
export function clock(at) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(at);
  return language() === "nb" ? parts.replace(":", ".") : parts;
}

/** "mandag 23. november". @param {string} day as "2026-11-23" @returns {string} */
export function weekday(day) {
  return words(day, { weekday: "long", day: "numeric", month: "long" });
}

/** "23. nov.". @param {string} day @returns {string} */
export function shortDay(day) {
  return words(day, { day: "numeric", month: "short" });
}

/** "23. november 2026". @param {string} day @returns {string} */
export function longDay(day) {
  return words(day, { day: "numeric", month: "long", year: "numeric" });
}

/** "i dag kl. 09.14", "i går kl. 16.02", "21. nov. kl. 12.00". @param {Date} at @param {Date} now @returns {string} */
export function moment(at, now) {
  const time = clock(at);
  const days = daysBetween(oslo(at), oslo(now));
  if (days === 0) return _("today at %(time)s", { time });
  if (days === 1) return _("yesterday at %(time)s", { time });
  if (days === -1) return _("tomorrow at %(time)s", { time });
  return _("%(day)s at %(time)s", { day: shortDay(oslo(at)), time });
}

/** The same with a first capital, as a sentence begins. @param {string} text @returns {string} */
export function sentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** @param {string} day @param {Intl.DateTimeFormatOptions} shape @returns {string} */
function words(day, shape) {
  const told = new Intl.DateTimeFormat(language() === "nb" ? "nb-NO" : "en-GB", { timeZone: "UTC", ...shape });
  return told.format(new Date(`${day}T12:00Z`));
}
