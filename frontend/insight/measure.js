/** The figures of an explanation in the unit of its output, for eye and ear. */

import * as inputs from "#words/inputs";
import * as common from "#words/common";
import * as say from "#words/insight";
import { fitting, percent, quantity, tick, withUnit } from "../lib/format.js";
import { signed } from "../lib/rates.js";
import { inputName, labelOf, partsOf } from "../ask/words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Scalar} Scalar */

const MEANS = [Math.SQRT2, Math.sqrt(10), Math.sqrt(50)];

/**
 * @typedef {object} Measure
 * @property {"share" | "quantity" | "score"} kind
 * @property {string} name what is measured: "the probability of “Dog”"
 * @property {string} unit of a difference, in words
 * @property {(value: number) => string} figure
 * @property {(value: number) => string} plain without its unit, which stands beside it
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
export function measureOf({ signature }, prediction, of, spread) {
  const parts = signature.output.outputs ? partsOf(signature.output, prediction) : [];
  const part = parts.find(({ output: each }) => each.name === of);
  const { output, predicted } = part ?? { output: signature.output, predicted: prediction };
  if (output.task === "regression") return quantityOf(output, spread);
  const label = common.quoted(labelOf(output, part ? predicted.prediction : of));
  if (predicted.probabilities) return shareOf(say.probabilityOf(label), percent);
  if (!predicted.scores) return shareOf(say.whetherItIs(label), (value) => `${points(value)}%`);
  const plain = signed;
  const size = (/** @type {number} */ value) => signed(Math.abs(value)).replace("+", "");
  const name = say.scoreOf(label);
  return { kind: "score", name, unit: "", figure: plain, plain, difference: plain, size };
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Scalar} of the class, or the name of the quantity
 * @returns {number | null} the figure that is measured in an answer, where there is one
 */
export function presentOf({ signature: { output } }, prediction, of) {
  if (output.task === "regression") return Number(prediction.prediction);
  return prediction.probabilities?.find((row) => row.class === of)?.probability ?? null;
}

/**
 * Where whole numbers are shown, a difference of less than one would read as none.
 * @param {import("../lib/types.js").Output} output
 * @param {number} spread
 * @returns {Measure}
 */
export function quantityOf({ label, unit, decimals }, spread) {
  const digits = typeof decimals === "number" && spread < 10 ** (1 - decimals) ? null : decimals;
  const plain = (/** @type {number} */ value) => fitting(value, digits, spread);
  const figure = (/** @type {number} */ value) => withUnit(plain(value), unit);
  const words = unit ?? "";
  return {
    kind: "quantity",
    name: label,
    unit: words,
    figure,
    plain,
    ...differences(plain, words),
  };
}

/**
 * @param {string} name
 * @param {(value: number) => string} figure
 * @returns {Measure}
 */
function shareOf(name, figure) {
  const unit = say.percentagePoints;
  return { kind: "share", name, unit, figure, plain: figure, ...differences(points, unit) };
}

/** @param {number} value */
function points(value) {
  return quantity(100 * value, 1);
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
 * @param {Measure} measure
 * @param {number} change
 * @returns {"up" | "down" | "none"} none where it is shown as 0
 */
export function directionOf({ size }, change) {
  if (!/[1-9]/.test(size(change).replace(/e.*/, ""))) return "none";
  return change < 0 ? "down" : "up";
}

/**
 * @param {Measure} measure
 * @param {number} change
 * @returns {string} for screen readers
 */
export function changeText(measure, change) {
  const direction = directionOf(measure, change);
  if (direction === "none") return say.doesNotChangeIt;
  const size = measure.size(change);
  return direction === "up" ? say.raisesBy(size) : say.lowersBy(size);
}

/**
 * @param {number} value
 * @param {Input} input
 * @returns {string} a plain number may be a year, which has no mark for thousands
 */
function figureOf(value, { unit }) {
  return unit ? quantity(value, null) : tick(value);
}

/**
 * @param {Input} input
 * @param {Scalar | null | undefined} value
 * @returns {string} in the card's words
 */
export function valueText(input, value) {
  if (value === null || value === undefined || value === "") return common.notKnown;
  if (typeof value === "boolean") return value ? inputs.yesWithin : inputs.noWithin;
  const label = input.categories?.find((category) => category.value === value)?.label;
  if (label !== undefined) return label;
  return withUnit(typeof value === "number" ? figureOf(value, input) : String(value), input.unit);
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

/**
 * @param {number} count of the ways that a search found
 * @returns {string}
 */
export function waysText(count) {
  return count === 0 ? say.nothingFound : say.waysFound(count);
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Importance["correlated"]} pairs
 * @returns {string} which inputs can stand in for each other; nothing where none can
 */
export function correlatedText(facts, pairs) {
  if (pairs.length === 0) return "";
  const named = pairs
    .slice(0, 3)
    .map(({ inputs: [one, other] }) => say.pair(quoted(facts, one), quoted(facts, other)));
  return say.correlated(named.join("; "), pairs.length - named.length);
}

/**
 * @param {Facts} facts
 * @param {string} [input]
 */
function quoted(facts, input = "") {
  return common.quoted(inputName(facts, input));
}
