// @ts-check
/**
 * Texts, days and clocks in the reader's language. Texts stand in the code in English; the bokmål is the
 * server's own catalogue, of which /felt/words/nb.json holds what this app says.
 */

/** @typedef {Record<string, string | number>} Values */
/** @typedef {{ language: string, texts: Record<string, string | string[]> }} Catalogue */

/** The languages that the app speaks, and the locale whose days and numbers each uses. */
export const LOCALES = { nb: "nb-NO", en: "en-GB" };

const KEPT_UNDER = "felt-language";
const ZONE = "Europe/Oslo";

/** @type {Catalogue} */
let catalogue = { language: "en", texts: {} };

/** The language that the reader chose on this phone; bokmål until she has chosen. @returns {"nb" | "en"} */
export function chosenLanguage() {
  return localStorage.getItem(KEPT_UNDER) === "en" ? "en" : "nb";
}

/**
 * Speak *language* from now on, and remember it.
 * @param {"nb" | "en"} language
 */
export async function chooseLanguage(language) {
  localStorage.setItem(KEPT_UNDER, language);
  await speak(language);
}

/**
 * Speak *language* from now on. Where its texts cannot be had, the app speaks English and works.
 * @param {"nb" | "en"} language
 */
export async function speak(language) {
  try {
    const answer = await fetch(`/felt/words/${language}.json`, { credentials: "omit" });
    useCatalogue(await answer.json());
  } catch {
    useCatalogue({ language: "en", texts: {} });
  }
  document.documentElement.lang = catalogue.language;
}

/** Use this catalogue. @param {Catalogue} texts */
export function useCatalogue(texts) {
  catalogue = texts;
}

/** The language that the app speaks now, as HTML's `lang` names it. @returns {string} */
export function language() {
  return catalogue.language;
}

/**
 * The text in the reader's language; `%(name)s` in it is filled from *values*.
 * @param {string} text
 * @param {Values} [values]
 * @returns {string}
 */
export function gettext(text, values) {
  const found = catalogue.texts[text];
  return fill(typeof found === "string" && found ? found : text, values);
}

/**
 * The text for one or for many; `%(num)s` in it is the count.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Values} [values]
 * @returns {string}
 */
export function ngettext(one, many, count, values) {
  const found = catalogue.texts[one];
  const [single, plural] = Array.isArray(found) ? found : [one, many];
  return fill(count === 1 ? single : plural, { num: number(count), ...values });
}

/**
 * @param {string} text
 * @param {Values} [values]
 */
function fill(text, values) {
  if (!values) return text;
  return text.replace(/%(?:%|\((\w+)\)s)/g, (mark, name) =>
    name === undefined ? "%" : name in values ? String(values[name]) : mark);
}

/**
 * A day with its weekday, as "mandag 23. november"; with the year where it is not this one.
 * @param {string} day as 2026-11-23
 * @param {string} [today] the same
 */
export function longDay(day, today = osloDay(new Date())) {
  return format(noon(day), { weekday: "long", day: "numeric", month: "long", ...year(day, today) }, "UTC");
}

/**
 * A day in few letters, as "23. nov."; with the year where it is not this one.
 * @param {string} day as 2026-11-23
 * @param {string} [today] the same
 */
export function shortDay(day, today = osloDay(new Date())) {
  return format(noon(day), { day: "numeric", month: "short", ...year(day, today) }, "UTC");
}

/**
 * "today", "tomorrow", "yesterday", or the day with its weekday.
 * @param {string} day as 2026-11-23
 * @param {string} [today] the same
 */
export function nearDay(day, today = osloDay(new Date())) {
  const away = Math.round((noon(day).getTime() - noon(today).getTime()) / 86_400_000);
  if (Math.abs(away) > 1) return longDay(day, today);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(away, "day");
}

/** The clock in Oslo, as "08.30" in bokmål and "08:30" in English. @param {Date | string} instant */
export function clock(instant) {
  const told = format(new Date(instant), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return catalogue.language === "nb" ? told.replace(":", ".") : told;
}

/**
 * Day and clock in Oslo, as "i dag kl. 08.30".
 * @param {Date | string} instant
 * @param {string} [today] as 2026-11-23
 */
export function moment(instant, today = osloDay(new Date())) {
  const at = new Date(instant);
  return gettext("%(day)s at %(clock)s", { day: nearDay(osloDay(at), today), clock: clock(at) });
}

/** The day that it is in Oslo at *instant*, as 2026-11-23. @param {Date | string} instant */
export function osloDay(instant) {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: ZONE }).format(new Date(instant));
}

/** A number with its thousands apart. @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(locale()).format(value);
}

/** Several things in one sentence, as "a, b og c". @param {string[]} things */
export function listed(things) {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(things);
}

function locale() {
  return catalogue.language === "nb" ? LOCALES.nb : LOCALES.en;
}

/** @param {string} day */
function noon(day) {
  return new Date(`${day}T12:00:00Z`);
}

/**
 * @param {string} day
 * @param {string} today
 * @returns {Intl.DateTimeFormatOptions}
 */
function year(day, today) {
  return day.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" };
}

/**
 * @param {Date} at
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(at, options, timeZone = ZONE) {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone }).format(at);
}
