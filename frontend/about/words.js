/** Figures and sentences drawn from what was measured, the same for eye and ear. */

import { LOCALE } from "#words/language";
import * as common from "#words/common";
import * as say from "#words/about";
import { inputName, labelOf } from "../ask/words.js";
import { percent, percentRound, quantity, whole, withUnit } from "../lib/format.js";
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
  return say.fewMeasured(rows);
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
  if (/^Measured on /.test(detail)) return detail;
  return `${say.measuredOn(rows)} ${detail}`;
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
  return `${say.interval95(metricFigure(low), metricFigure(high))} ${words}`;
}

/**
 * @param {Scalar | null} value of a group
 * @param {import("../lib/types.js").Input | undefined} source
 * @returns {string} in the words of the card
 */
export function groupText(value, source) {
  if (value === null) return common.notKnown;
  return source?.categories?.find((each) => each.value === value)?.label ?? String(value);
}

/**
 * @param {import("../lib/types.js").Rate} rate
 * @returns {string} what was measured of it, with its interval; never a share of nothing
 */
export function rateText({ value, low, high }) {
  if (value === null || low === null || high === null) return sharedText(value);
  return say.valueIn(measuredShare(value), whole(low), whole(high));
}

/**
 * @param {number | null} share of rows; null where there were none
 * @returns {string}
 */
export function sharedText(share) {
  return share === null ? say.notMeasured : measuredShare(share);
}

/**
 * @param {import("../lib/types.js").Gap} gap
 * @param {(value: Scalar | null) => string} words
 * @returns {string}
 */
export function gapText({ label, value, low, high, most, least }, words) {
  const points = (/** @type {number} */ share) => quantity(100 * share, 1);
  return say.gapText(label, points(value), words(most), words(least), points(low), points(high));
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
    if (total === 0) return say.noRowOfClass(name);
    return say.rightOfClass(total, name, right, share(right, total));
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
  const rows = positives + negatives;
  return [
    say.calledAt(thresholdOf(threshold), rows, called, name),
    called > 0 ? say.wrongly(falseAlarms) : "",
    say.missedOf(misses, positives, name),
  ].join("");
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
  return say.calibrationError(points, byChance);
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Sets} sets
 * @returns {string[]}
 */
export function setsText(facts, { stated, within, by_class, by_answer, sizes }) {
  const one = sizes.find(({ size }) => size === 1)?.share ?? 0;
  const isByClass = within === "classes";
  const held = (isByClass ? by_class : by_answer).map((each) =>
    say.shareOfClass(whole(each.measured), className(facts, each.class)),
  );
  const covered = isByClass ? say.setsByClass : say.setsByAnswer;
  return [
    `${covered(andOf(held), whole(stated))} ${common.sameSource}`,
    one > 0 ? say.singleSets(whole(one)) : say.noSingleSets,
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
    `${say.intervalCoverage(rows, measuredShare(measured), whole(stated))} ${common.sameSource}`,
    adaptive ? say.widthVaries(width) : say.widthFixed(width),
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
  return say.halfOff(words);
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
  const most = say.fallsMost(namesOf(facts, first));
  if (idle.length === 0) return most;
  return `${most} ${say.noDifference(namesOf(facts, idle))}`;
}

/**
 * @param {Facts} facts
 * @param {{input: string}[]} inputs
 */
function namesOf(facts, inputs) {
  if (inputs.length > 3) return say.someInputs(inputs.length);
  return andOf(inputs.map(({ input }) => common.quoted(inputName(facts, input))));
}

/**
 * @param {number} part of rows that were counted: all and none are what they are
 * @returns {string}
 */
export function measuredShare(part) {
  return part === 0 || part === 1 ? percentRound(part) : percent(part);
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
  return new Intl.ListFormat(LOCALE, { type: "conjunction" }).format(words);
}

/**
 * @param {import("../lib/types.js").Runtime} runtime
 * @returns {string}
 */
export function computedBy({ name, verification, unsupported }) {
  if (name !== "sklearn" && verification) {
    const off = verification.largest_difference;
    const form = name === "onnx" ? say.compiledOnnx : say.compiledForm;
    const verified = off
      ? say.verifiedNear(verification.rows, off.toExponential(0))
      : say.verifiedEqual(verification.rows);
    return `${form} ${verified}`;
  }
  return unsupported ? say.notCompiled(unsupported) : "scikit-learn";
}
