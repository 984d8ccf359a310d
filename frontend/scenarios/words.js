/** The cells of the table of scenarios, for eye and spreadsheet. */

import { effectsOf, largestFirst } from "../insight/state.js";
import { directionOf, measureOf, quantityOf } from "../insight/measure.js";
import { inputName, labelOf, probabilityOf } from "../ask/words.js";
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
    if (interval) return `${percentRound(interval.coverage)} interval`;
    if (set) return `${percentRound(set.coverage)} prediction set`;
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
  return `${plain(low)} to ${plain(high)}`;
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
  if (output.outputs) return "";
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
    .map(
      ({ input, contribution }) => `${inputName(facts, input)} ${measure.difference(contribution)}`,
    );
}

/**
 * @param {Facts} facts
 * @param {readonly Row[]} rows
 * @returns {string} CSV: the inputs as they were typed, the prediction and its figures
 */
export function scenariosCsv({ signature: { inputs, output } }, rows) {
  const found = rows.flatMap(({ prediction }) => prediction ?? []);
  const hasProbability = found.some((each) => probabilityOf(each) !== null);
  const hasInterval = found.some(({ interval }) => interval);
  const parts = output.outputs?.map(({ name }) => name);
  const header = [
    "scenario",
    ...inputs.map(({ name }) => name),
    ...(parts ?? ["prediction"]),
    ...(hasProbability ? ["probability"] : []),
    ...(hasInterval ? ["low", "high"] : []),
  ];
  const lines = rows.map(({ name, draft, prediction: each }) => [
    name,
    ...inputs.map((input) => typedIn(draft, input.name)),
    ...(parts?.map((part) => each?.outputs?.[part]?.prediction) ?? [each?.prediction]),
    ...(hasProbability ? [each && probabilityOf(each)] : []),
    ...(hasInterval ? [each?.interval?.low, each?.interval?.high] : []),
  ]);
  return csvOf([header, ...lines]);
}
