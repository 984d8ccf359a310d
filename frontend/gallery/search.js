/** Which models a search finds. */

import * as say from "#words/search";

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
  if (!sought.trim()) return say.modelCount(all);
  if (shown === 0) return say.noModelMatches(sought.trim());
  return say.foundModels(shown, all);
}

/** @param {string} text without case and accents */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
