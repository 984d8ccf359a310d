/** Shares of rows that were counted, and figures around 0. */

import { digits, percentFormat, whole, written } from "./format.js";

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

/**
 * @param {number} value
 * @returns {string} with its sign, as it lies on a scale around 0
 */
export function signed(value) {
  return written(value, { ...digits(3), signDisplay: "exceptZero" });
}
