/** What is said of measured rows and of an answer against the truth. */

import * as say from "#words/known";
import { quantityOf, valueText } from "../insight/measure.js";
import { outcomeText } from "../nearest/words.js";
import { percentRound } from "../lib/format.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").KeptRow} KeptRow */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("./state.js").Known} Known */
/** @typedef {import("./state.js").Listing} Listing */

const MOST_NAMED = 4;

/**
 * @param {Facts} facts
 * @returns {{title: string, sort: Listing["sort"], order: Listing["order"]}[]} the orders to choose from
 */
export function ordersOf({ signature: { output }, uncertainty }) {
  const isClass = Boolean(output.classes);
  const errors = isClass
    ? { descending: say.wrongFirst, ascending: say.rightFirst }
    : { descending: say.largestError, ascending: say.smallestError };
  const outcomes = isClass
    ? []
    : [
        { title: say.highestOutcome, sort: "outcome", order: "descending" },
        { title: say.lowestOutcome, sort: "outcome", order: "ascending" },
      ];
  const doubts =
    isClass || uncertainty.interval !== null
      ? [
          { title: say.leastSure, sort: "uncertainty", order: "descending" },
          { title: say.mostSure, sort: "uncertainty", order: "ascending" },
        ]
      : [];
  return /** @type {any} */ ([
    { title: errors.descending, sort: "error", order: "descending" },
    { title: errors.ascending, sort: "error", order: "ascending" },
    ...doubts,
    ...outcomes,
  ]);
}

/**
 * @param {Facts} facts
 * @param {KeptRow} row
 * @returns {{truth: string, words: string, isWrong: boolean}} the outcome of a row, and how far the model was off
 */
export function rowText({ signature: { output } }, { outcome, prediction, error }) {
  const truth = outcomeText(output, outcome);
  const predicted = outcomeText(output, prediction);
  if (error === null) {
    const isWrong = outcome !== prediction;
    return {
      truth,
      words: isWrong ? say.predictedInstead(predicted) : say.predictedRightly,
      isWrong,
    };
  }
  const difference = quantityOf(output, Math.abs(error)).difference(error);
  return { truth, words: say.predictedOff(predicted, difference), isWrong: false };
}

/**
 * @param {Facts} facts
 * @param {KeptRow} row
 * @returns {string} its first inputs
 */
export function inputsText({ signature: { inputs } }, row) {
  const named = inputs
    .slice(0, MOST_NAMED)
    .map((input) => `${input.label}: ${valueText(input, row.inputs[input.name])}`);
  const more = inputs.length - MOST_NAMED;
  return [...named, ...(more > 0 ? [say.moreInputs(more)] : [])].join(" · ");
}

/**
 * @param {Known} known
 * @param {number} shown rows of a page
 * @returns {string}
 */
export function rangeText({ listing: { offset }, total, rows }, shown) {
  if (total === 0) return say.noRows;
  return say.range(offset + 1, offset + Math.min(rows.length, shown), total);
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction that the model makes of the row
 * @param {KeptRow} row
 * @returns {{truth: string, words: string[], isWrong: boolean}} the truth beside the answer
 */
export function truthText({ signature: { output } }, prediction, { outcome }) {
  const truth = outcomeText(output, outcome);
  if (output.classes) {
    const isWrong = prediction.prediction !== outcome;
    const set = prediction.prediction_set;
    const held = set && setText(set.classes.includes(outcome), percentRound(set.coverage));
    return {
      truth,
      words: [isWrong ? say.answerIsWrong : say.answerIsRight, held ?? ""].filter(Boolean),
      isWrong,
    };
  }
  const error = Number(prediction.prediction) - Number(outcome);
  const { size, difference } = quantityOf(output, Math.abs(error));
  const off = !/[1-9]/.test(difference(error))
    ? say.answerIsExact
    : error > 0
      ? say.answerIsHigher(size(error))
      : say.answerIsLower(size(error));
  const { interval } = prediction;
  if (!interval) return { truth, words: [off], isWrong: false };
  const isHeld = interval.low <= Number(outcome) && Number(outcome) <= interval.high;
  const coverage = percentRound(interval.coverage);
  return {
    truth,
    words: [off, isHeld ? say.intervalHolds(coverage) : say.intervalMisses(coverage)],
    isWrong: !isHeld,
  };
}

/**
 * @param {boolean} isHeld
 * @param {string} coverage
 */
function setText(isHeld, coverage) {
  return isHeld ? say.setHolds(coverage) : say.setMisses(coverage);
}
