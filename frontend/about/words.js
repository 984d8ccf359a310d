/** Figures and sentences drawn from what was measured, the same for eye and ear. */

import { inputName, labelOf, SAME_SOURCE } from "../ask/words.js";
import { count, percent, quantity, whole, withUnit } from "../lib/format.js";
import { share } from "../lib/rates.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Scalar} Scalar */
/** @typedef {import("../lib/types.js").Thresholds} Thresholds */
/** @typedef {import("../lib/types.js").OperatingPoint} OperatingPoint */

/** With fewer rows, a figure comes with a caution. */
export const FEW_ROWS = 200;

/**
 * What becomes of the rows when everything at or above a threshold is called the class.
 * @typedef {object} Called
 * @property {number} threshold
 * @property {number} called
 * @property {number} hits
 * @property {number} misses
 * @property {number} falseAlarms
 * @property {number} recall hits among the rows of the class
 * @property {number} falseAlarmRate false alarms among the others
 * @property {number | null} precision hits among those called; null where none is
 */

/**
 * @param {Thresholds} thresholds
 * @param {OperatingPoint} point
 * @returns {Called}
 */
export function calledAt({ positives, negatives }, { threshold, hits, false_alarms }) {
  const called = hits + false_alarms;
  return {
    threshold,
    called,
    hits,
    misses: positives - hits,
    falseAlarms: false_alarms,
    recall: hits / Math.max(1, positives),
    falseAlarmRate: false_alarms / Math.max(1, negatives),
    precision: called > 0 ? hits / called : null,
  };
}

/**
 * @param {Thresholds} thresholds
 * @param {number} threshold
 * @returns {number} the place of the point nearest to it
 */
export function nearest({ points }, threshold) {
  const distances = points.map((point) => Math.abs(point.threshold - threshold));
  return distances.indexOf(Math.min(...distances));
}

/**
 * @param {Facts} facts
 * @param {Scalar} value
 * @returns {string} a class in the words of the card
 */
export function className({ signature }, value) {
  return labelOf(signature.output, value);
}

/**
 * @param {number} rows
 * @returns {string} a caution where there are few; else nothing
 */
export function fewText(rows) {
  if (rows >= FEW_ROWS) return "";
  return `Only ${count(rows)} rows were measured: read each figure with its interval.`;
}

/**
 * @param {Facts} facts
 * @param {string} text of a metric, which calls classes by their values
 * @returns {string} with the labels of the card
 */
export function inLabels(facts, text) {
  const { output } = facts.signature;
  const classes = [output, ...(output.outputs ?? [])].flatMap((each) => each.classes ?? []);
  const labels = new Map(classes.map(({ value, label }) => [`${value}`, label]));
  const values = [...labels.keys()].sort((one, other) => other.length - one.length);
  if (values.length === 0 || values.every((value) => labels.get(value) === value)) return text;
  const any = values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const named = new RegExp(`\\b(for|as|is|were) (${any})(?=$|[\\s.,;])`, "g");
  return text.replace(named, (_, word, value) => `${word} “${labels.get(value)}”`);
}

/**
 * @param {{rows: number, detail: string}} metrics
 * @returns {string} on what it was measured, once
 */
export function measuredText({ rows, detail }) {
  if (detail.startsWith("Measured on ")) return detail;
  return `Measured on ${count(rows)} rows, each predicted by a fit that did not see it. ${detail}`;
}

/**
 * @param {number} value of a metric
 * @returns {string}
 */
export function metricFigure(value) {
  return quantity(value, Math.abs(value) >= 20 ? 0 : 3);
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Metric} metric
 * @returns {string} its interval, and what it means
 */
export function metricText(facts, { low, high, meaning }) {
  const words = inLabels(facts, meaning);
  if (low === null || high === null) return words;
  return `95% interval: ${metricFigure(low)} to ${metricFigure(high)}. ${words}`;
}

/**
 * @param {Scalar | null} value of a group
 * @param {import("../lib/types.js").Input | undefined} source
 * @returns {string} in the words of the card
 */
export function groupText(value, source) {
  if (value === null) return "not known";
  return source?.categories?.find((each) => each.value === value)?.label ?? String(value);
}

/**
 * @param {import("../lib/types.js").Rate} rate
 * @returns {string} what was measured of it, with its interval; never a share of nothing
 */
export function rateText({ value, low, high }) {
  if (value === null || low === null || high === null) return sharedText(value);
  return `${measuredShare(value)} (${whole(low)} to ${whole(high)})`;
}

/**
 * @param {number | null} share of rows; null where there were none
 * @returns {string}
 */
export function sharedText(share) {
  return share === null ? "not measured" : measuredShare(share);
}

/**
 * @param {import("../lib/types.js").Gap} gap
 * @param {(value: Scalar | null) => string} words
 * @returns {string}
 */
export function gapText({ label, value, low, high, most, least }, words) {
  const points = (/** @type {number} */ share) => quantity(100 * share, 1);
  return `${label}: ${points(value)} percentage points more for ${words(most)} than for ${words(least)} (95% interval: ${points(low)} to ${points(high)}).`;
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Confusion} confusion
 * @returns {string[]} for each class, how many of its rows were recognised
 */
export function confusionText(facts, { classes, counts }) {
  return classes.map((value, index) => {
    const row = counts[index] ?? [];
    const right = row[index] ?? 0;
    const total = sum(row);
    const name = className(facts, value);
    if (total === 0) return `No measured row was “${name}”, so its errors were not measured.`;
    return `Of ${count(total)} rows that were “${name}”, ${count(right)} were predicted correctly (${share(right, total)}).`;
  });
}

/**
 * @param {Facts} facts
 * @param {Thresholds} thresholds
 * @param {Called} at
 * @returns {string}
 */
export function thresholdText(facts, thresholds, { threshold, called, falseAlarms, misses }) {
  const { positives, negatives } = thresholds;
  const name = className(facts, thresholds.class);
  const wrongly = called > 0 ? `; ${count(falseAlarms)} of them wrongly (false alarms)` : "";
  return (
    `At ${thresholdOf(threshold)}: of ${count(positives + negatives)} rows, ${count(called)} are predicted as ` +
    `“${name}”${wrongly}; ${count(misses)} of the ${count(positives)} that were “${name}” are missed.`
  );
}

/**
 * @param {number} threshold
 * @returns {string}
 */
export function thresholdOf(threshold) {
  return quantity(threshold, Number.isInteger(Math.round(threshold * 1e6) / 1e4) ? 2 : 3);
}

/**
 * @param {import("../lib/types.js").Calibration} calibration
 * @returns {string} how far the probabilities are from what came true, all rows together
 */
export function calibrationText({ bins }) {
  const rows = sum(bins.map((bin) => bin.rows));
  const off = sum(bins.map((bin) => bin.rows * Math.abs(bin.predicted - bin.observed)));
  // The mean absolute deviation of a share of n rows, by the normal approximation.
  const chance = sum(
    bins.map((bin) => Math.sqrt((2 * bin.predicted * (1 - bin.predicted) * bin.rows) / Math.PI)),
  );
  const [points, byChance] = [off, chance].map((each) =>
    quantity((100 * each) / Math.max(1, rows), 1),
  );
  return `On average, predicted and actual shares differ by ${points} percentage points; for perfect probabilities, chance alone would give about ${byChance}.`;
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Sets} sets
 * @returns {string[]}
 */
export function setsText(facts, { stated, within, by_class, by_answer, sizes }) {
  const one = sizes.find(({ size }) => size === 1)?.share ?? 0;
  const isByClass = within === "classes";
  const held = (isByClass ? by_class : by_answer).map(
    (each) => `${whole(each.measured)} of “${className(facts, each.class)}”`,
  );
  const rows = isByClass ? "rows of each class" : "rows predicted as each class";
  return [
    `Of the ${rows}, this share had the true class in their set: ${andOf(held)}. The stated coverage is ${whole(stated)}. ${SAME_SOURCE}`,
    one > 0
      ? `For ${whole(one)} of the rows, the set has a single class. How often such answers are right is stated beside each answer.`
      : "No set has a single class.",
  ];
}

/**
 * @param {import("../lib/types.js").Coverage} coverage
 * @param {number | null | undefined} decimals
 * @returns {string[]}
 */
export function coverageText({ stated, measured, rows, mean_width, unit, adaptive }, decimals) {
  const width = withUnit(quantity(mean_width, decimals ?? (mean_width >= 20 ? 0 : 2)), unit);
  return [
    `Of ${count(rows)} unseen rows, ${measuredShare(measured)} were within the interval that states ${whole(stated)}. ${SAME_SOURCE}`,
    adaptive
      ? `It is ${width} wide on average; the width follows the prediction.`
      : `It is ${width} wide, the same for every row.`,
  ];
}

/**
 * @param {import("../lib/types.js").Residuals} residuals
 * @param {import("../lib/types.js").Output} output
 * @returns {string}
 */
export function residualsText({ points }, { decimals, unit }) {
  const misses = points
    .map(({ predicted, actual }) => Math.abs(predicted - actual))
    .sort((a, b) => a - b);
  const middle = misses[Math.floor(misses.length / 2)] ?? 0;
  const words = withUnit(quantity(middle, decimals ?? (middle >= 20 ? 0 : 2)), unit);
  return `For half of these rows, the prediction was off by less than ${words}.`;
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Importance} importance
 * @returns {string}
 */
export function importanceText(facts, { inputs }) {
  const least = Math.max(...inputs.map((each) => each.importance - 2 * each.standard_error));
  const first = inputs.filter((each) => each.importance + 2 * each.standard_error >= least);
  const idle = inputs.filter((each) => each.importance <= 2 * each.standard_error);
  const most = `It falls most for ${namesOf(facts, first)}.`;
  if (idle.length === 0) return most;
  return `${most} For ${namesOf(facts, idle)}, these rows show no difference.`;
}

/**
 * @param {Facts} facts
 * @param {{input: string}[]} inputs
 */
function namesOf(facts, inputs) {
  if (inputs.length > 3) return `${count(inputs.length)} of the inputs`;
  return andOf(inputs.map(({ input }) => `“${inputName(facts, input)}”`));
}

/**
 * @param {number} part of rows that were counted: all and none are what they are
 * @returns {string}
 */
export function measuredShare(part) {
  return part === 0 || part === 1 ? `${100 * part}%` : percent(part);
}

/**
 * @param {number[]} numbers
 * @returns {number}
 */
export function sum(numbers) {
  return numbers.reduce((total, each) => total + each, 0);
}

/** @param {string[]} words */
function andOf(words) {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(words);
}

/**
 * @param {import("../lib/types.js").Runtime} runtime
 * @returns {string}
 */
export function computedBy({ name, verification, unsupported }) {
  if (name !== "sklearn" && verification) {
    const off = verification.largest_difference;
    const how = off
      ? `differed by at most ${off.toExponential(0)} of their size`
      : "were equal to the last digit";
    const form = name === "onnx" ? "ONNX Runtime" : "A compiled form of the model";
    return `${form}. It was compared with scikit-learn on ${count(verification.rows)} rows: the labels were the same, the numbers ${how}.`;
  }
  return unsupported
    ? `scikit-learn. There is no compiled form of ${unsupported}.`
    : "scikit-learn";
}
