/** Sentences about a prediction, the same for eye and ear. */

import { percent, quantity } from "./format.js";

/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {import("./types.js").Prediction} Prediction */
/** @typedef {import("./types.js").Outcome} Outcome */

const DOUBTS = new Set(["unexpected-text", "unknown-words"]);

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {Outcome | null} the card's words and picture for what was predicted
 */
export function outcomeOf(facts, prediction) {
  const { classes, bands } = facts.signature.output;
  if (classes) return classes.find((each) => each.value === prediction.prediction) ?? null;
  const value = Number(prediction.prediction);
  return bands?.find((band) => band.below === null || value < Number(band.below)) ?? null;
}

/**
 * @param {Prediction} prediction
 * @returns {import("./types.js").Warning | null} the warning that forbids a firm verdict
 */
export function doubtOf(prediction) {
  return prediction.warnings.find((warning) => DOUBTS.has(warning.code)) ?? null;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {string} the answer in one line
 */
export function headline(facts, prediction) {
  const { output } = facts.signature;
  if (output.task === "regression") return figure(facts, prediction);
  const chance = probabilityOf(prediction);
  return chance === null ? (prediction.label ?? "") : `${prediction.label}, ${percent(chance)}`;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {string} the number with its unit
 */
export function figure(facts, prediction) {
  const { unit, decimals } = facts.signature.output;
  return `${quantity(Number(prediction.prediction), decimals)}${unit ? ` ${unit}` : ""}`;
}

/**
 * @param {Prediction} prediction
 * @returns {number | null} the probability of the class that was predicted
 */
export function probabilityOf(prediction) {
  const rows = prediction.probabilities ?? [];
  return rows.find((row) => row.class === prediction.prediction)?.probability ?? null;
}

/**
 * @param {import("./transitions.js").State} state
 * @returns {string} what a screen reader is told
 */
export function spoken({ route, model, answer, notice }) {
  if (notice) return notice;
  if (route.page !== "model" || !model.body) return "";
  if (answer.status === "unreachable") return "The server does not answer. Trying again.";
  if (answer.status === "invalid") return faultsSpoken(answer.faults.length);
  if (answer.status !== "ready" || !answer.prediction) return "";
  const { warnings } = answer.prediction;
  const doubt = doubtOf(answer.prediction);
  if (doubt) return doubt.detail;
  const more = warnings.map((warning) => warning.detail).join(" ");
  return `${model.body.signature.output.label}: ${headline(model.body, answer.prediction)}. ${more}`;
}

/** @param {number} faults */
function faultsSpoken(faults) {
  return faults === 1 ? "One input needs mending." : `${faults} inputs need mending.`;
}
