/** The figures of an explanation in the unit of its output, for eye and ear. */

import { fitting, percent, quantity, signed } from "./format.js";
import { labelOf } from "./words.js";

/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {import("./types.js").Input} Input */
/** @typedef {import("./types.js").Prediction} Prediction */
/** @typedef {import("./types.js").Scalar} Scalar */

const MEANS = [Math.SQRT2, Math.sqrt(10), Math.sqrt(50)];

/**
 * @typedef {object} Measure
 * @property {"share" | "quantity" | "score"} kind
 * @property {string} name what is measured: "the probability of “Dog”"
 * @property {string} unit of a difference, in words
 * @property {(value: number) => string} figure
 * @property {(value: number) => string} plain without its unit, where that is said beside it
 * @property {(value: number) => string} difference with its sign
 * @property {(value: number) => string} size of a difference, in words
 */

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Scalar} of the class, or the name of the quantity
 * @param {number} spread of the figures, for their digits
 * @returns {Measure}
 */
export function measureOf({ signature: { output } }, prediction, of, spread) {
  if (output.task === "regression") {
    const { unit, decimals } = output;
    // Where whole numbers are shown, a difference of less than one would read as none.
    const digits = typeof decimals === "number" && spread < 10 ** (1 - decimals) ? null : decimals;
    const plain = (/** @type {number} */ value) => fitting(value, digits, spread);
    const figure = (/** @type {number} */ value) => withUnit(plain(value), unit);
    const name = output.label;
    const words = unit ?? "";
    return { kind: "quantity", name, unit: words, figure, plain, ...differences(plain, words) };
  }
  const label = `“${labelOf(output, of)}”`;
  if (prediction.probabilities) {
    const points = (/** @type {number} */ value) => quantity(100 * value, 1);
    const unit = "percentage points";
    const name = `Probability of ${label}`;
    return {
      kind: "share",
      name,
      unit,
      figure: percent,
      plain: percent,
      ...differences(points, unit),
    };
  }
  const plain = (/** @type {number} */ value) => signed(value);
  const size = (/** @type {number} */ value) => signed(Math.abs(value)).replace("+", "");
  return {
    kind: "score",
    name: `Score of ${label}`,
    unit: "",
    figure: plain,
    plain,
    difference: plain,
    size,
  };
}

/**
 * @param {(value: number) => string} plain
 * @param {string} unit
 */
function differences(plain, unit) {
  const size = (/** @type {number} */ value) => withUnit(plain(Math.abs(value)), unit);
  const difference = (/** @type {number} */ value) => {
    const digits = plain(Math.abs(value));
    if (!/[1-9]/.test(digits)) return digits;
    return `${value < 0 ? "\u2212" : "+"}${digits}`;
  };
  return { size, difference };
}

/**
 * @param {string} figure
 * @param {string | null | undefined} unit
 */
function withUnit(figure, unit) {
  return unit ? `${figure} ${unit}` : figure;
}

/**
 * @param {Input} input
 * @param {Scalar | null | undefined} value
 * @returns {string} in the card's words
 */
export function valueSaid(input, value) {
  if (value === null || value === undefined || value === "") return "not known";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const label = input.categories?.find((category) => category.value === value)?.label;
  if (label !== undefined) return label;
  return withUnit(typeof value === "number" ? quantity(value, null) : String(value), input.unit);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} [count] about how many
 * @returns {number[]} round values that lie between
 */
export function ticks(low, high, count = 4) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  // The round number that is nearest by ratio: the geometric means lie between 1, 2, 5 and 10.
  const step = power * ([1, 2, 5].find((each, at) => rough / power < (MEANS[at] ?? 0)) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** In this very form where nothing is found, for eye and ear. */
export const NOTHING_FOUND = "Nothing found within the ranges seen, changing at most three inputs.";

/**
 * @param {number} count of the ways that a search found
 * @returns {string}
 */
export function waysSaid(count) {
  if (count === 0) return NOTHING_FOUND;
  return count === 1 ? "One way found." : `${count} ways found.`;
}
