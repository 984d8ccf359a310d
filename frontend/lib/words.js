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
 * @returns {string} the answer in one line, in doubt no firm one
 */
export function headline(facts, prediction) {
  return doubtOf(prediction) ? "No verdict" : headlineUndoubted(facts, prediction);
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {string} what the model says, be it worth little
 */
export function headlineUndoubted(facts, prediction) {
  if (facts.signature.output.task === "regression") return figure(facts, prediction);
  const chance = probabilityOf(prediction);
  const label = prediction.label ?? String(prediction.prediction);
  return chance === null ? label : `${label}, ${percent(chance)}`;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function figure(facts, prediction) {
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
 * @param {Prediction} prediction
 * @returns {string} how many warnings stand beside it; nothing for none
 */
export function warningsCounted({ warnings: { length } }) {
  if (length === 0) return "";
  return length === 1 ? "1 warning" : `${length} warnings`;
}

/** @type {Record<string, string>} */
const MEANINGS = {
  "outside-training-range": "lies outside what the model has seen, so the answer is a guess there.",
};

/**
 * @param {Facts} facts
 * @param {import("./types.js").Warning} warning
 * @returns {{label: string, words: string}} which input, and what is odd about it
 */
export function warningSaid(facts, { input, code, detail }) {
  const source = facts.signature.inputs.find((each) => each.name === input);
  const words = [MEANINGS[code], detail].filter(Boolean).join(" ");
  return { label: source?.label ?? input, words };
}

/**
 * What keeps the answer from being the present one; nothing where it is.
 * @param {import("./transitions.js").Answer} answer
 * @returns {string}
 */
export function hindrance({ status, slow, faults, problem }) {
  switch (status) {
    case "asking":
      return slow ? "Still working …" : "";
    case "incomplete":
      return "Fill in the rest, and the answer follows.";
    case "invalid":
      return faults.length === 1
        ? "One input needs mending."
        : `${faults.length} inputs need mending.`;
    case "unreachable":
      return "The server does not answer. What you typed is kept; trying again by itself.";
    case "refused":
      return problem?.detail || problem?.title || "The server refused.";
    default:
      return "";
  }
}

/**
 * @param {import("./transitions.js").State} state
 * @returns {string} what a screen reader is told
 */
export function spoken(state) {
  const { route, model, answer, notice, said } = state;
  if (said) return said;
  if (route.page !== "model" || !model.body) return "";
  const words =
    answer.status === "asking"
      ? waitSpoken(answer)
      : hindrance(answer) || answerSpoken(model.body, answer);
  return [notice, words].filter(Boolean).join(" ");
}

/** @param {import("./transitions.js").Answer} answer */
function waitSpoken({ slow }) {
  return slow ? "The answer takes longer than usual." : "";
}

/**
 * @param {Facts} facts
 * @param {import("./transitions.js").Answer} answer
 */
function answerSpoken(facts, { status, prediction }) {
  if (status !== "ready" || !prediction) return "";
  const warnings = prediction.warnings.map((warning) => {
    const { label, words } = warningSaid(facts, warning);
    return `${label}: ${words}`;
  });
  return [`${facts.signature.output.label}: ${headline(facts, prediction)}.`, ...warnings].join(
    " ",
  );
}

/**
 * @param {import("./types.js").Input[]} inputs
 * @param {import("./types.js").Draft} draft
 * @returns {string} which names of an address are no inputs of this model, if any
 */
export function strangersSaid(inputs, draft) {
  const known = new Set(inputs.map((input) => input.name));
  const strangers = Object.keys(draft).filter((name) => !known.has(name));
  if (strangers.length === 0) return "";
  return `The address names what is no input of this model; it is left out: ${strangers.join(", ")}.`;
}
