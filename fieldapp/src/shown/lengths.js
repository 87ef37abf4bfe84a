// @ts-check
// Texts for which there is no room.

import { gettext, number } from "../words.js";

/**
 * What is said of a text that is too long.
 * @param {number} length
 * @param {number} most
 * @returns {string}
 */
export function tooLong(length, most) {
  return gettext("It has %(length)s characters, and there is room for %(most)s. Divide it into two.", { length: number(length), most: number(most) });
}
