// @ts-check
// A day and a clock in Oslo as an instant, whatever zone the phone believes that it is in.

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Oslo",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/**
 * The clock in Oslo at an instant, as a field for a time holds it.
 * @param {Date} instant
 * @returns {string} "09:30"
 */
export function osloClock(instant) {
  const { hour, minute } = partsOf(instant);
  return `${hour}:${minute}`;
}

/**
 * The instant of a day and a clock in Oslo. Of an hour that there is twice, the first; one that is left out
 * in spring is taken an hour later.
 * @param {string} day "2026-11-23"
 * @param {string} time "09:30"
 * @returns {Date | null} null where they are no day and clock
 */
export function osloInstant(day, time) {
  const meant = Date.parse(`${day}T${time}:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(day) || !/^\d{2}:\d{2}$/u.test(time) || Number.isNaN(meant)) return null;
  const early = meant - 2 * 60 * 60 * 1000;
  return new Date(wallOf(new Date(early)) === meant ? early : meant - 60 * 60 * 1000);
}

/** @param {Date} instant @returns {number} */
function wallOf(instant) {
  const { year, month, day, hour, minute } = partsOf(instant);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}

/** @param {Date} instant @returns {Record<string, string>} */
function partsOf(instant) {
  return Object.fromEntries(PARTS.formatToParts(instant).map(({ type, value }) => [type, value]));
}
