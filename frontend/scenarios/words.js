/** The cells of the table of scenarios, for eye and spreadsheet. */

import * as common from "#words/common";
import * as say from "#words/scenarios";
import { effectsOf, largestFirst } from "../insight/state.js";
import { directionOf, measureOf, quantityOf } from "../insight/measure.js";
import { doubtOf, inputName, labelOf, probabilityOf, warningText } from "../ask/words.js";
import { csvOf } from "../lib/csv.js";
import { typedIn } from "../lib/draft.js";
import { percentRound } from "../lib/format.js";

/** @typedef {import("./servery-scenarios.js").Row} Row */
/** @typedef {import("../lib/types.js").Explanation} Explanation */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

const MOST_NAMED = 3;

/**
 * @param {readonly Prediction[]} predictions
 * @returns {string} what their intervals or sets are called; nothing where none has one
 */
export function doubtTitle(predictions) {
  for (const { interval, prediction_set: set } of predictions) {
    if (interval) return say.intervalTitle(percentRound(interval.coverage));
    if (set) return say.setTitle(percentRound(set.coverage));
  }
  return "";
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {string} its interval or set
 */
export function doubtText({ signature: { output } }, { interval, prediction_set: set }) {
  if (set) return set.classes.map((each) => labelOf(output, each)).join(", ");
  if (!interval) return "";
  const { low, high } = interval;
  const { plain } = quantityOf(output, high - low);
  return common.range(plain(low), plain(high));
}

/**
 * How an answer differs from another, in its number or in the probability of that one's class.
 * @param {Facts} facts
 * @param {Prediction} of
 * @param {Prediction} from
 * @returns {string} nothing where there is no such figure
 */
export function differenceText(facts, of, from) {
  const { output } = facts.signature;
  if (output.outputs || doubtOf(of) || doubtOf(from)) return "";
  const [here, there] = [of, from].map((each) =>
    output.task === "regression"
      ? Number(each.prediction)
      : probabilityOf({ ...each, prediction: from.prediction }),
  );
  if (typeof here !== "number" || typeof there !== "number") return "";
  const apart = here - there;
  const measure = measureOf(facts, from, from.prediction, Math.abs(apart));
  return directionOf(measure, apart) === "none"
    ? "none"
    : `${measure.difference(apart)} ${measure.unit}`.trim();
}

/**
 * @param {Facts} facts
 * @param {Prediction | null} present
 * @returns {string} what differs from it; nothing for a number, which has its name above it
 */
export function differenceTitle(facts, present) {
  if (!present || facts.signature.output.task === "regression") return "";
  return measureOf(facts, present, present.prediction, 1).name;
}

/**
 * @param {Facts} facts
 * @param {readonly import("../lib/types.js").Fault[]} faults
 * @returns {string} what is wrong with which input; nothing for none
 */
export function faultsText(facts, faults) {
  return faults
    .map(({ input, detail }) => (input ? `${inputName(facts, input)}: ${detail}` : detail))
    .join(" ");
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Explanation} explanation
 * @returns {string[]} the inputs that moved the answer most, and by how much
 */
export function contributionTexts(facts, prediction, explanation) {
  const effects = largestFirst(effectsOf(explanation)).slice(0, MOST_NAMED);
  const spread = Math.max(...effects.map(({ contribution }) => Math.abs(contribution)));
  const measure = measureOf(facts, prediction, explanation.output, spread);
  return effects
    .filter(({ contribution }) => directionOf(measure, contribution) !== "none")
    .map((row) => `${partName(facts, row)} ${measure.difference(row.contribution)}`);
}

/**
 * @param {Facts} facts
 * @param {readonly Row[]} rows
 * @returns {string} CSV: the inputs as they were typed, the prediction, its figures and warnings
 */
export function scenariosCsv(facts, rows) {
  const { inputs, output } = facts.signature;
  const found = rows.flatMap(({ prediction }) => prediction ?? []);
  const hasProbability = found.some((each) => probabilityOf(each) !== null);
  const hasSet = found.some((each) => each.prediction_set);
  const hasInterval = found.some(({ interval }) => interval);
  const parts = output.outputs?.map(({ name }) => name);
  const header = [
    "scenario",
    ...inputs.map(({ name }) => name),
    ...(parts ?? ["prediction"]),
    ...(hasProbability ? ["probability"] : []),
    ...(hasInterval ? ["low", "high"] : []),
    ...(hasSet ? ["prediction_set"] : []),
    "warnings",
    "error",
  ];
  const lines = rows.map(({ name, draft, prediction: each, detail }) => [
    name,
    ...inputs.map((input) => typedIn(draft, input.name)),
    ...(parts?.map((part) => each?.outputs?.[part]?.prediction) ?? [each?.prediction]),
    ...(hasProbability ? [each && probabilityOf(each)] : []),
    ...(hasInterval ? [each?.interval?.low, each?.interval?.high] : []),
    ...(hasSet ? [each?.prediction_set?.classes.join("; ")] : []),
    each?.warnings.map((warning) => warningWords(facts, warning)).join(" "),
    detail,
  ]);
  return csvOf([header, ...lines]);
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Warning} warning
 */
function warningWords(facts, warning) {
  const { label, words } = warningText(facts, warning);
  return `${label}: ${words}`;
}

/**
 * An input, or a word of a text.
 * @param {Facts} facts
 * @param {import("../lib/types.js").Contribution} row
 */
function partName(facts, { input, value, start }) {
  return start === undefined ? inputName(facts, input) : common.quoted(`${value}`);
}
