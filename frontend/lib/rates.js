/** Shares of rows that were counted. */

import { percentFormat, whole } from "./format.js";

/**
 * @param {number | undefined} share of rows that were counted
 * @returns {string} tenths of percents, also 0.0% and 100.0%
 */
export function tenths(share = 0) {
  return percentFormat.format(share);
}

/**
 * @param {number} part
 * @param {number} total
 * @returns {string}
 */
export function share(part, total) {
  return total > 0 ? whole(part / total) : "–";
}
