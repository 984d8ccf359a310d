/** Tells a row from a value. How a row is read is in `paste.js`, which loads when there is one. */

import { readingsOf } from "./number-text.js";

const ANY_NUMBER = /** @type {const} */ ({ type: "number", unit: null });

/**
 * @param {string} text
 * @returns {boolean} whether a text pasted anywhere looks like a row and not like one value
 */
export function looksLikeRow(text) {
  const trimmed = text.trim();
  if (readingsOf(ANY_NUMBER, trimmed).length > 0) return false; // as 1,234,567 is
  return /^[[{]|[\t\n]/.test(trimmed) || /[;,].*[;,]/.test(trimmed);
}
