/** Where a number lies: the span of a slider, and a place among what training saw. */

/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Histogram} Histogram */
/** @typedef {{low: number, high: number}} Range */
/**
 * The ends of a slider, and which of them are only about there.
 * @typedef {Range & {about: {low: boolean, high: boolean}}} Span
 */

/**
 * @param {Input} input
 * @returns {Span | null} the exact range of training, else where most values lie, else the hard limits;
 *   null if nothing is known
 */
export function span(input) {
  const { low, high, about } = endsOf(input);
  if (typeof low !== "number" || typeof high !== "number" || low >= high) return null;
  return { low, high, about };
}

/** @param {Input} input */
function endsOf({ training_stats: stats, approximate_range: approximate, minimum, maximum }) {
  const limits = { low: stats?.minimum ?? minimum, high: stats?.maximum ?? maximum };
  const exact = { ...limits, about: { low: false, high: false } };
  if (stats || !approximate) return exact;
  const low = Math.max(approximate[0], Number(minimum ?? -Infinity));
  const high = Math.min(approximate[1], Number(maximum ?? Infinity));
  if (low >= high) return exact;
  return { low, high, about: { low: low !== minimum, high: high !== maximum } };
}

/**
 * @param {Range} range
 * @param {number} value
 * @returns {"low" | "high" | null} the end that a value lies beyond
 */
export function beyond({ low, high }, value) {
  if (value < low) return "low";
  return value > high ? "high" : null;
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
 * @param {Input} input
 * @param {number} value
 * @param {number} by how much to change it
 * @returns {number} within the hard limits, without the noise of adding
 */
export function stepped({ minimum, maximum }, value, by) {
  const next = Number((value + by).toPrecision(12));
  return Math.min(Math.max(next, Number(minimum ?? -Infinity)), Number(maximum ?? Infinity));
}

/**
 * @param {Input} input
 * @param {Range} range
 * @param {number} value
 * @returns {number} the nearest whole step; the ends of the range need not be one
 */
export function snapped(input, range, value) {
  const step = stepOf(input, range);
  const whole = Number((Math.round(value / step) * step).toPrecision(12));
  return Math.min(range.high, Math.max(range.low, whole));
}

/**
 * @param {Histogram} histogram
 * @param {number} value
 * @returns {number} the share of training values below, taken as even within a bar
 */
export function shareBelow({ edges, counts }, value) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const below = counts.reduce((sum, count, at) => {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]];
    return sum + count * Math.min(1, Math.max(0, (value - from) / (to - from)));
  }, 0);
  return total > 0 ? below / total : 0;
}

/**
 * @param {number[]} values
 * @returns {number} how far a scale around 0 reaches on both sides: 1, 2 or 5 of some power of ten
 */
export function reachOf(values) {
  const largest = Math.max(...values.map(Math.abs));
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const round = [1, 2, 5, 10].find((each) => each * power >= largest) ?? 10;
  return Number((round * power).toPrecision(3));
}
