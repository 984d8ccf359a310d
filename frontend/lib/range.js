/** The span of a slider: what training saw, opened to round numbers within the hard limits. */

/** @typedef {import("./types.js").Input} Input */
/** @typedef {{low: number, high: number}} Range */

/**
 * @param {Input} input
 * @returns {Range | null} null where nothing is known of the range
 */
export function span(input) {
  const low = input.seen?.minimum ?? input.minimum;
  const high = input.seen?.maximum ?? input.maximum;
  if (typeof low !== "number" || typeof high !== "number" || low >= high) return null;
  const step = stepOf(input, { low, high });
  return { low: onGrid(Math.floor(low / step), step), high: onGrid(Math.ceil(high / step), step) };
}

/**
 * @param {Input} input
 * @param {Range} range
 * @returns {number} the card's step, or a round hundredth of the range
 */
export function stepOf(input, { low, high }) {
  if (input.step) return input.step;
  if (input.type === "integer") return 1;
  return 10 ** Math.floor(Math.log10((high - low) / 100));
}

/**
 * @param {number} steps
 * @param {number} step
 */
function onGrid(steps, step) {
  return Number((steps * step).toPrecision(12));
}
