/** The answer in one line: fetched with what says it again. */

import * as common from "#words/common";
import * as say from "#words/parts";
import { percentOf, percentRound, quantity, withUnit } from "../lib/format.js";
import { doubtOf, ENOUGH_FOR_PERCENT, named, partsOf, probabilityOf } from "./words.js";

/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").OutputPrediction} OutputPrediction */

const FEW = 3;

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @param {number | null} [rows] that the model was trained on
 * @returns {string} the answer in one line, in doubt no firm one
 */
export function headline(output, prediction, rows) {
  return doubtOf(prediction) ? common.noVerdict : headlineUndoubted(output, prediction, rows);
}

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @param {number | null} [rows] that the model was trained on
 * @returns {string} the prediction, whatever it is worth
 */
export function headlineUndoubted(output, prediction, rows) {
  const parts = partsOf(output, prediction).map(({ output: part, predicted }) => {
    const words = shortText(part, predicted, rows);
    return output.outputs ? `${part.label}: ${words}` : words;
  });
  return parts.join("; ");
}

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @param {number | null} [rows] that the model was trained on
 * @returns {string} the answer where there is room for one line only
 */
export function headlineShort(output, prediction, rows) {
  const parts = output.outputs ?? [];
  if (parts.length <= FEW) return headline(output, prediction, rows);
  const shown = { ...output, outputs: parts.slice(0, FEW - 1) };
  return say.andMoreOutputs(headline(shown, prediction, rows), parts.length - FEW + 1);
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 * @param {number | null} [rows]
 */
function shortText({ task, unit, decimals }, predicted, rows) {
  if (task === "regression") {
    return withUnit(quantity(Number(predicted.prediction), decimals), unit);
  }
  const chance = probabilityOf(predicted);
  return chance === null ? named(predicted) : `${named(predicted)}, ${percentOf(chance, rows)}`;
}

/**
 * @param {number} share
 * @param {number} rows
 * @returns {string} how often such answers were right, in a few words
 */
export function rightText(share, rows) {
  return rows < ENOUGH_FOR_PERCENT
    ? say.rightCounted(Math.round(share * rows), rows)
    : say.rightShare(percentRound(share), rows);
}
