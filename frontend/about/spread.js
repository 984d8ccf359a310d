/** How the values of each input were distributed in training, as its signature has it. */

import * as common from "#words/common";
import * as say from "#words/about";
import { count, quantity } from "../lib/format.js";

/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {{label: string, rows: number}} Kind a value or range, and how many rows held it */

const SHOWN = 5;
const QUARTERS = [1, 3];

/**
 * @param {Input} input
 * @returns {Kind[]} every value or range, in the signature's order; none where it is not known
 */
export function kindsOf(input) {
  if (input.training_stats?.histogram) return bins(input.training_stats.histogram);
  const known = (input.categories ?? []).filter((category) => category.count !== null);
  return known.map(({ label, count: rows }) => ({ label, rows: Number(rows) }));
}

/** @param {import("../lib/types.js").Histogram} histogram */
function bins({ edges, counts }) {
  return counts.map((rows, index) => ({
    label: common.range(quantity(edges[index] ?? 0, null), quantity(edges[index + 1] ?? 0, null)),
    rows,
  }));
}

/**
 * @param {Kind[]} kinds
 * @returns {Kind[]} the most frequent, and all others as one
 */
export function foremost(kinds) {
  const sorted = kinds.toSorted((a, b) => b.rows - a.rows);
  if (sorted.length <= SHOWN) return sorted;
  const others = sorted.slice(SHOWN - 1);
  const rows = others.reduce((total, each) => total + each.rows, 0);
  return [...sorted.slice(0, SHOWN - 1), { label: say.others(others.length), rows }];
}

/**
 * @param {Input} input
 * @returns {string} in one sentence what was seen
 */
export function spreadText(input) {
  const { label } = input;
  const { histogram, minimum = 0, maximum = 0, quantiles = [] } = input.training_stats ?? {};
  const range = (/** @type {number} */ low, /** @type {number} */ high) =>
    common.range(quantity(low, null), quantity(high, null));
  if (histogram) {
    const [low, high] = QUARTERS.map((index) => quantiles[index]);
    const isKnown = low !== undefined && high !== undefined;
    const all = range(minimum, maximum);
    return isKnown ? say.spreadOf(label, all, range(low, high)) : `${label}: ${all}.`;
  }
  const kinds = foremost(kindsOf(input)).map((kind) => `${kind.label} ${count(kind.rows)}`);
  return `${label}: ${kinds.join(", ")}.`;
}
