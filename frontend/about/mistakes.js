/** Which classes are taken for which. */

import { sum } from "./words.js";

/** @typedef {import("../lib/types.js").Scalar} Scalar */
/** @typedef {{actual: Scalar, predicted: Scalar, rows: number, total: number}} Mistake */

/**
 * @param {import("../lib/types.js").Confusion} confusion
 * @returns {Mistake[]} the most frequent first; `total` counts the rows of the actual class
 */
export function mistakesOf({ classes, counts }) {
  const found = counts.flatMap((row, at) =>
    row.map((rows, to) => ({
      actual: /** @type {Scalar} */ (classes[at]),
      predicted: /** @type {Scalar} */ (classes[to]),
      rows: at === to ? 0 : rows,
      total: sum(row),
    })),
  );
  return found.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows);
}
