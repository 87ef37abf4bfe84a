// @ts-check
// Reckoning with days, which are told as "2026-11-23".

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How many days from one day to another.
 * @param {string} from
 * @param {string} to
 * @returns {number}
 */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T12:00Z`) - Date.parse(`${from}T12:00Z`)) / DAY_MS);
}

/**
 * The text with a first capital, as a sentence begins.
 * @param {string} text
 * @returns {string}
 */
export function sentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
