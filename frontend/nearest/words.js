/** Sentences about measured rows near an answer. */

import * as say from "#words/nearest";
import { labelOf } from "../ask/words.js";
import { typedIn } from "../lib/draft.js";
import { numberIn } from "../inputs/number-text.js";
import { fitting, percentRound, quantity, withUnit } from "../lib/format.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").NearestRows} NearestRows */
/** @typedef {import("../lib/types.js").NearRow} NearRow */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").RowFigures} RowFigures */
/** @typedef {import("../lib/types.js").Scalar} Scalar */

/**
 * @param {Facts} facts
 * @param {NearestRows} nearest
 * @returns {string[]} how well the model did on the rows near an answer, or why that is not stated
 */
export function figuresText(facts, { near, all, is_close }) {
  if (!is_close) {
    return [say.noneClose];
  }
  if (!near) return [say.tooFewKept(all.rows)];
  const { output } = facts.signature;
  return [rightText(near, all), errorText(output, near, all), heldText(facts, near)].filter(
    Boolean,
  );
}

/**
 * @param {RowFigures} near
 * @param {RowFigures} all
 */
function rightText({ rows, reliability }, all) {
  if (!reliability || !all.reliability) return "";
  const { right, share, low, high } = reliability;
  return [
    say.rightNearby(rows, right, percentRound(share), percentRound(low), percentRound(high)),
    say.rightOfAll(all.rows, percentRound(all.reliability.share)),
  ].join(" ");
}

/**
 * @param {Output} output
 * @param {RowFigures} near
 * @param {RowFigures} all
 */
function errorText(output, { rows, error, bias }, all) {
  if (!error || !all.error || !bias) return "";
  const figure = (/** @type {number} */ value) =>
    fitting(value, output.decimals, all.error?.value ?? 1);
  const unit = (/** @type {number} */ value) => withUnit(figure(value), output.unit);
  const off = [
    say.errorNearby(rows, unit(error.value), figure(Math.max(0, error.low)), figure(error.high)),
    say.errorOfAll(all.rows, figure(all.error.value)),
  ].join(" ");
  if (bias.low <= 0 && bias.high >= 0) return off;
  const by = unit(Math.abs(bias.value));
  return `${off} ${bias.value > 0 ? say.tooHigh(by) : say.tooLow(by)}`;
}

/**
 * @param {Facts} facts
 * @param {RowFigures} near
 */
function heldText({ uncertainty: { interval, prediction_set: set } }, { held }) {
  const stated = interval ?? set;
  if (!held || stated === null) return "";
  const heldText = interval === null ? say.setHeld : say.intervalHeld;
  return heldText(percentRound(stated), held.held, held.rows);
}

/**
 * @param {Output} output
 * @param {Scalar} value of an outcome or a prediction
 * @returns {string} in the words of the card
 */
export function outcomeText(output, value) {
  if (output.classes) return labelOf(output, value);
  return withUnit(quantity(Number(value), output.decimals), output.unit);
}

/**
 * @param {Output} output
 * @param {NearRow} row
 * @returns {{words: string, isRight: boolean | null}} what was predicted of a row
 */
export function predictedText(output, { outcome, prediction }) {
  if (!output.classes) {
    const words = say.predictedNumber(quantity(Number(prediction), output.decimals));
    return { words, isRight: null };
  }
  const isRight = outcome === prediction;
  const words = isRight ? say.predictedCorrectly : say.predictedClass(labelOf(output, prediction));
  return { words, isRight };
}

/**
 * @param {Input[]} inputs
 * @param {NearRow} row
 * @param {Draft} asked
 * @returns {Input[]} those that have another value in the row
 */
export function differing(inputs, row, asked) {
  return inputs.filter((input) => {
    const { name } = input;
    return !isTyped(input, row.inputs[name] ?? null, typedIn(asked, name));
  });
}

/**
 * @param {Input} input
 * @param {Scalar | null} value
 * @param {string | null | undefined} typed
 */
function isTyped(input, value, typed) {
  if (value === null) return !typed;
  if (typeof value === "number") return numberIn(input, typed) === value;
  return String(value) === typed;
}

/**
 * @param {Facts} facts
 * @param {NearestRows} nearest
 * @returns {string} which inputs do not count
 */
export function comparedText({ signature: { inputs } }, { compared }) {
  const others = inputs.filter(({ name }) => !compared.includes(name));
  if (others.length === 0) return "";
  return say.notCompared(others.map(({ label }) => label).join(", "));
}
