/** Sentences about a prediction, the same for eye and ear. */

import * as common from "#words/common";
import * as say from "#words/ask";
import { fitting, percentRound, withUnit } from "../lib/format.js";
import { warningSaid } from "./said.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Outcome} Outcome */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").OutputPrediction} OutputPrediction */

const FEW = 3;
const DOUBTS = new Set(["unexpected-text", "unknown-words"]);

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @returns {{output: Output, predicted: OutputPrediction}[]} each output with what is predicted of it
 */
export function partsOf(output, prediction) {
  if (!output.outputs) return [{ output, predicted: prediction }];
  return output.outputs.flatMap((part) => {
    const predicted = prediction.outputs?.[part.name];
    return predicted ? [{ output: part, predicted }] : [];
  });
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 * @returns {Outcome | null} the card's words and picture for what was predicted
 */
export function outcomeOf({ classes, bands }, predicted) {
  if (classes) return classes.find((each) => each.value === predicted.prediction) ?? null;
  const value = Number(predicted.prediction);
  return bands?.find((band) => band.below === null || value < Number(band.below)) ?? null;
}

/**
 * @param {Prediction} prediction
 * @returns {import("../lib/types.js").Warning | null} the warning that forbids a firm verdict
 */
export function doubtOf(prediction) {
  return prediction.warnings.find((warning) => DOUBTS.has(warning.code)) ?? null;
}

/**
 * @param {OutputPrediction} predicted
 * @returns {string} the class that was predicted, in words
 */
export function named({ label, prediction }) {
  return label ?? String(prediction);
}

/**
 * @param {OutputPrediction} predicted
 * @returns {number | null} the probability of the class that was predicted
 */
export function probabilityOf({ probabilities, prediction }) {
  return probabilities?.find((row) => row.class === prediction)?.probability ?? null;
}

/**
 * @param {Prediction} prediction
 * @returns {string} how many warnings stand beside it; nothing for none
 */
export function warningsCounted({ warnings: { length } }) {
  if (length === 0) return "";
  return say.warningCount(length);
}

const CLOSE = 0.1;
const FEW_ROWS = 200;
/** With fewer rows, a share reads as more exact than it is. */
export const ENOUGH_FOR_PERCENT = 50;

/**
 * @param {number} share 0 to 1
 * @param {number | null} [rows] that a model was trained on: nothing for what they cannot show
 * @returns {string} as people count: "about 9 in 10"
 */
export function inWords(share, rows) {
  const least = 1 / ((rows ?? Infinity) + 1);
  if (least > 0.01 && (share > 1 - least || share < least)) return "";
  if (share > 0.99) return say.moreThan99In100;
  if (share < 0.01) return say.fewerThan1In100;
  const isNearAnEnd = share >= 0.945 || share < 0.055;
  return isNearAnEnd
    ? say.aboutIn100(Math.round(100 * share))
    : say.aboutIn10(Math.round(10 * share));
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 * @returns {string} how far to trust it, by what was measured; empty where nothing was
 */
export function sureText(output, predicted) {
  const { interval, prediction_set: set, reliability } = predicted;
  if (interval) return intervalText(output, interval);
  return [
    isClose(output, predicted) ? say.aCloseCall : "",
    reliability ? reliabilityText(reliability) : "",
    set ? setText(output, predicted, set) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * @param {import("../lib/types.js").Reliability} reliability
 * @returns {string} how often such answers were right
 */
export function reliabilityText({ rows, right, share, low, high }) {
  if (rows < ENOUGH_FOR_PERCENT) {
    return say.rightOfFew(rows, right);
  }
  return say.rightOfMany(rows, percentRound(share), percentRound(low), percentRound(high));
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 * @param {import("../lib/types.js").PredictionSet} set
 */
function setText(output, { prediction }, { classes, coverage }) {
  const others = othersInSet(output, prediction, classes);
  const stated = percentRound(coverage);
  return others ? `${say.setOfMore(stated, others)} ${common.sameSource}` : say.setOfOne(stated);
}

/**
 * @param {import("../lib/types.js").Facts} facts
 * @param {Prediction} prediction
 * @returns {string} that nothing is known of answers to such inputs, where a warning says they are odd
 */
export function unmeasuredText({ uncertainty }, { interval, reliability, warnings }) {
  const isOdd = warnings.some(({ code }) => code !== "assumed-missing");
  const { interval: measured, prediction_set: set, reliability: isCounted } = uncertainty;
  const isKnown = measured !== null || set !== null || isCounted;
  if (!isOdd || !isKnown || interval || reliability) return "";
  return say.nothingMeasuredHere;
}

/**
 * @param {Output} output
 * @param {unknown} prediction
 * @param {import("../lib/types.js").Scalar[]} set of classes that it may be
 * @returns {string} the first of them beside the prediction, and how many more there are
 */
export function othersInSet(output, prediction, set) {
  const others = set.filter((each) => each !== prediction);
  const named = others.slice(0, FEW).map((each) => labelOf(output, each));
  const listed = named.join(", ");
  return others.length > FEW ? common.andMore(listed, others.length - FEW) : listed;
}

/**
 * @param {Output} output
 * @param {import("../lib/types.js").Scalar | null} value of a class
 * @returns {string}
 */
export function labelOf({ classes }, value) {
  return classes?.find((each) => each.value === value)?.label ?? String(value);
}

/**
 * @param {Facts} facts
 * @param {string} name
 * @returns {string} an input in the words of the card
 */
export function inputName({ signature }, name) {
  return signature.inputs.find((input) => input.name === name)?.label ?? name;
}

/**
 * The two nearest classes, or where one is called from a threshold on, that class and the threshold.
 * @param {Output} output
 * @param {OutputPrediction} predicted
 */
function isClose({ threshold }, { probabilities }) {
  const [first, second] = probabilities ?? [];
  if (!first || !second) return false;
  if (!threshold) return first.probability - second.probability < CLOSE;
  const called = probabilities?.find((row) => row.class === threshold.class)?.probability ?? 1;
  return Math.abs(called - threshold.value) < CLOSE / 2;
}

/**
 * @param {Output} output
 * @param {import("../lib/types.js").Interval} interval
 */
function intervalText(output, { low, high, coverage }) {
  const { unit, decimals } = output;
  const [from, to] = [low, high].map((end) => fitting(end, decimals, high - low));
  const range = withUnit(common.range(from, to), unit);
  return [
    say.intervalText(percentRound(coverage), range),
    bandsText(output, low, high),
    common.sameSource,
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * @param {Output} output
 * @param {number} low
 * @param {number} high
 * @returns {string} that an interval reaches other bands than that of the prediction
 */
function bandsText({ bands }, low, high) {
  const at = (/** @type {number} */ value) =>
    bands?.find(({ below = null }) => below === null || value < below)?.label;
  const [first, last] = [at(low), at(high)];
  return first && last && first !== last ? say.itReachesFromTo(first, last) : "";
}

/**
 * @param {Facts} facts
 * @returns {string} that a model has learned from little, where it has
 */
export function littleText({ training: { rows } }) {
  return rows !== null && rows < FEW_ROWS ? say.trainedOnOnly(rows) : "";
}

/** @type {Record<string, string>} */
const MEANINGS = {
  "outside-training-range": say.outsideTrainingRange,
};

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Warning} warning
 * @returns {{label: string, words: string}} which input, and what is odd about it
 */
export function warningText(facts, warning) {
  const { input, code } = warning;
  const words = [MEANINGS[code], warningSaid(facts, warning)].filter(Boolean).join(" ");
  const whole = code === "unusual-combination" ? say.unusualTogether : say.theInputsTogether;
  return { label: input === null ? whole : inputName(facts, input), words };
}

/**
 * What keeps the answer from being the present one; nothing where it is.
 * @param {import("./state.js").Answer} answer
 * @returns {string}
 */
export function hindrance({ status, slow, faults, problem }) {
  switch (status) {
    case "asking":
      return slow ? say.stillWorking : "";
    case "incomplete":
      return say.fillInTheRest;
    case "invalid":
      return say.needFixing(faults.length);
    case "unreachable":
      return say.unreachableKept;
    case "refused":
      return problem?.detail || problem?.title || say.theServerRefused;
    default:
      return "";
  }
}

/**
 * @param {import("../lib/types.js").Input[]} inputs
 * @param {import("../lib/types.js").Draft} draft
 * @returns {string} which names of an address are no inputs of this model, if any
 */
export function unknownNamesText(inputs, draft) {
  const known = new Set(inputs.map((input) => input.name));
  const others = Object.keys(draft).filter((name) => !known.has(name));
  if (others.length === 0) return "";
  return say.ignoredInputs(others.join(", "));
}
