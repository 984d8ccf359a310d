/** Sentences about a prediction, the same for eye and ear. */

import { count, fitting, percent, percentRound, quantity, withUnit } from "../lib/format.js";

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
 * @param {Output} output
 * @param {Prediction} prediction
 * @returns {string} the answer in one line, in doubt no firm one
 */
export function headline(output, prediction) {
  return doubtOf(prediction) ? "No verdict" : headlineUndoubted(output, prediction);
}

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @returns {string} the prediction, whatever it is worth
 */
export function headlineUndoubted(output, prediction) {
  const parts = partsOf(output, prediction).map(({ output: part, predicted }) =>
    output.outputs ? `${part.label}: ${shortText(part, predicted)}` : shortText(part, predicted),
  );
  return parts.join("; ");
}

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @returns {string} the answer where there is room for one line only
 */
export function headlineShort(output, prediction) {
  const parts = output.outputs ?? [];
  if (parts.length <= FEW) return headline(output, prediction);
  const shown = { ...output, outputs: parts.slice(0, FEW - 1) };
  return `${headline(shown, prediction)}; and ${parts.length - FEW + 1} more`;
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 */
function shortText({ task, unit, decimals }, predicted) {
  if (task === "regression") {
    return withUnit(quantity(Number(predicted.prediction), decimals), unit);
  }
  const chance = probabilityOf(predicted);
  return chance === null ? named(predicted) : `${named(predicted)}, ${percent(chance)}`;
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
  return length === 1 ? "1 warning" : `${length} warnings`;
}

const CLOSE = 0.1;
const FEW_ROWS = 200;

/**
 * @param {number} share 0 to 1
 * @returns {string} as people count: "about 9 in 10"
 */
export function inWords(share) {
  if (share > 0.99) return "more than 99 in 100";
  if (share < 0.01) return "fewer than 1 in 100";
  const isNearAnEnd = share >= 0.945 || share < 0.055;
  return isNearAnEnd
    ? `about ${Math.round(100 * share)} in 100`
    : `about ${Math.round(10 * share)} in 10`;
}

/**
 * @param {Output} output
 * @param {OutputPrediction} predicted
 * @returns {string} how far to trust it, in one sentence; empty where the model has no measure of it
 */
export function sureText(output, predicted) {
  const { interval, prediction, prediction_set: set } = predicted;
  if (interval) return intervalText(output, interval);
  const call = isClose(output, predicted) ? "A close call" : "";
  if (!set) return call && `${call}.`;
  const at = `t ${percentRound(set.coverage)} coverage, the model`;
  const others = notRuledOut(output, prediction, set.classes);
  if (!others) return `${call ? `${call}, yet a` : "A"}${at} rules out every other outcome.`;
  // A high probability beside it reads like certainty, which it is not.
  const still = (probabilityOf(predicted) ?? 0) > set.coverage ? "Still, a" : "A";
  return `${call ? `${call}: a` : still}${at} cannot rule out: ${others}.`;
}

/**
 * @param {Output} output
 * @param {unknown} prediction
 * @param {import("../lib/types.js").Scalar[]} set of classes that cannot be ruled out
 * @returns {string} the first of them beside the prediction, and how many more there are
 */
export function notRuledOut(output, prediction, set) {
  const others = set.filter((each) => each !== prediction);
  const named = others.slice(0, FEW).map((each) => labelOf(output, each));
  const more = others.length > FEW ? ` and ${others.length - FEW} more` : "";
  return `${named.join(", ")}${more}`;
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
function intervalText({ unit, decimals }, { low, high, coverage }) {
  const ends = [low, high].map((end) => fitting(end, decimals, high - low));
  const share = inWords(coverage).replace("about ", "");
  return `${share} such outcomes lie between ${withUnit(ends.join(" and "), unit)}.`;
}

/**
 * @param {Facts} facts
 * @returns {string} that a model has learned from little, where it has
 */
export function littleText({ training: { rows } }) {
  return rows !== null && rows < FEW_ROWS ? `Trained on only ${count(rows)} rows.` : "";
}

/** @type {Record<string, string>} */
const MEANINGS = {
  "outside-training-range":
    "is outside the range that the model was trained on, so the answer is unreliable.",
};

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Warning} warning
 * @returns {{label: string, words: string}} which input, and what is odd about it
 */
export function warningText(facts, { input, code, detail }) {
  const words = [MEANINGS[code], detail].filter(Boolean).join(" ");
  const whole = code === "unusual-combination" ? "Unusual together" : "The inputs together";
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
      return slow ? "Still working …" : "";
    case "incomplete":
      return "Fill in the rest to get an answer.";
    case "invalid":
      return faults.length === 1 ? "1 input needs fixing." : `${faults.length} inputs need fixing.`;
    case "unreachable":
      return "The server is not responding. What you typed is kept. Retrying automatically.";
    case "refused":
      return problem?.detail || problem?.title || "The server refused.";
    default:
      return "";
  }
}

/**
 * @param {import("../shell/state.js").State} state
 * @returns {string} words for screen readers
 */
export function spokenText(state) {
  const { route, model, answer, notice } = state;
  if (route.page !== "model" || !model.body) return "";
  const words =
    answer.status === "asking"
      ? waitSpoken(answer)
      : hindrance(answer) || answerSpoken(model.body, answer);
  return [notice, words].filter(Boolean).join(" ");
}

/** @param {import("./state.js").Answer} answer */
function waitSpoken({ slow }) {
  return slow ? "The answer takes longer than usual." : "";
}

/**
 * @param {Facts} facts
 * @param {import("./state.js").Answer} answer
 */
function answerSpoken(facts, { status, prediction }) {
  if (status !== "ready" || !prediction) return "";
  const warnings = prediction.warnings.map((warning) => {
    const { label, words } = warningText(facts, warning);
    return `${label}: ${words}`;
  });
  const { output } = facts.signature;
  const words = headline(output, prediction);
  const answer = output.outputs ? words : `${output.label}: ${words}`;
  const sure = doubtOf(prediction) ? "" : sureText(output, prediction);
  return [`${answer}.`, sure, ...warnings].filter(Boolean).join(" ");
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
  return `Ignored, because the model has no such input: ${others.join(", ")}.`;
}
