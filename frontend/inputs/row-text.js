/** Tells a row from a value. How a row is read is in `paste.js`, which loads when there is one. */

/**
 * @param {string} text
 * @returns {boolean} whether a text pasted anywhere looks like a row and not like one value
 */
export function looksLikeRow(text) {
  const trimmed = text.trim();
  return /^[[{]|[\t\n]/.test(trimmed) || /[;,].*[;,]/.test(trimmed);
}
