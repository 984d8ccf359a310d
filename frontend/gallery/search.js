/** Which models a search finds. */

import { count } from "../lib/format.js";

/**
 * @param {import("../lib/types.js").Summary} model
 * @param {string} sought words, all of which must be there
 * @returns {boolean}
 */
export function isSought({ name, title, summary }, sought) {
  const text = plain(`${name} ${title} ${summary}`);
  return plain(sought)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/**
 * @param {number} shown
 * @param {number} all
 * @param {string} sought
 * @returns {string}
 */
export function countText(shown, all, sought) {
  if (!sought.trim()) return `${count(all)} models`;
  if (shown === 0) return `No model matches “${sought.trim()}”.`;
  return `${count(shown)} of ${count(all)} models`;
}

/** @param {string} text without case and accents */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
