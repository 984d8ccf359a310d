/** Sentences about a prediction, the same for eye and ear. */

import { count, fitting, percent, percentRound, quantity } from "../lib/format.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Outcome} Outcome */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").Said} Said */

const FEW = 3;
const DOUBTS = new Set(["unexpected-text", "unknown-words"]);

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @returns {{output: Output, said: Said}[]} each output with what is said of it
 */
export function partsOf(output, prediction) {
  if (!output.outputs) return [{ output, said: prediction }];
  return output.outputs.flatMap((part) => {
    const said = prediction.outputs?.[part.name];
    return said ? [{ output: part, said }] : [];
  });
}

/**
 * @param {Output} output
 * @param {Said} said
 * @returns {Outcome | null} the card's words and picture for what was predicted
 */
export function outcomeOf({ classes, bands }, said) {
  if (classes) return classes.find((each) => each.value === said.prediction) ?? null;
  const value = Number(said.prediction);
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
 * @returns {string} what the model says, be it worth little
 */
export function headlineUndoubted(output, prediction) {
  const parts = partsOf(output, prediction).map(({ output: part, said }) =>
    output.outputs ? `${part.label}: ${saidShortly(part, said)}` : saidShortly(part, said),
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
 * @param {Said} said
 */
function saidShortly({ task, unit, decimals }, said) {
  if (task === "regression") {
    return `${quantity(Number(said.prediction), decimals)}${unit ? ` ${unit}` : ""}`;
  }
  const chance = probabilityOf(said);
  return chance === null ? named(said) : `${named(said)}, ${percent(chance)}`;
}

/**
 * @param {Said} said
 * @returns {string} the class that was predicted, in words
 */
export function named({ label, prediction }) {
  return label ?? String(prediction);
}

/**
 * @param {Said} said
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
 * @param {Said} said
 * @returns {string} how far to trust it, as one sentence; nothing where the model cannot tell
 */
export function sureSaid(output, said) {
  const { interval, prediction, prediction_set: set } = said;
  if (interval) return intervalSaid(output, interval);
  const call = isClose(output, said) ? "A close call" : "";
  if (!set) return call && `${call}.`;
  const at = `t ${percentRound(set.coverage)} the model`;
  const others = notRuledOut(output, prediction, set.classes);
  if (!others) return `${call ? `${call}, yet a` : "A"}${at} rules out every other outcome.`;
  // A high probability beside it reads like certainty, which it is not.
  const still = (probabilityOf(said) ?? 0) > set.coverage ? "Still, a" : "A";
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
 * The two nearest classes, or where one is called from a threshold on, that class and the threshold.
 * @param {Output} output
 * @param {Said} said
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
function intervalSaid({ unit, decimals }, { low, high, coverage }) {
  const ends = [low, high].map((end) => fitting(end, decimals, high - low));
  const share = inWords(coverage).replace("about ", "");
  return `${share} such outcomes lie between ${ends.join(" and ")}${unit ? ` ${unit}` : ""}.`;
}

/**
 * @param {Facts} facts
 * @returns {string} that a model has learned from little, where it has
 */
export function littleSaid({ training: { rows } }) {
  return rows !== null && rows < FEW_ROWS ? `Learned from only ${count(rows)} rows.` : "";
}

/** @type {Record<string, string>} */
const MEANINGS = {
  "outside-training-range": "lies outside what the model has seen, so the answer is a guess there.",
};

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Warning} warning
 * @returns {{label: string, words: string}} which input, and what is odd about it
 */
export function warningSaid(facts, { input, code, detail }) {
  const source = facts.signature.inputs.find((each) => each.name === input);
  const words = [MEANINGS[code], detail].filter(Boolean).join(" ");
  const whole = code === "unusual-combination" ? "Unusual together" : "The inputs together";
  return { label: source?.label ?? input ?? whole, words };
}

/** @type {Record<Output["task"], string>} */
const TASKS = {
  classification: "Picks an outcome",
  regression: "Estimates a number",
  clustering: "Groups similar rows",
  "outlier-detection": "Finds unusual rows",
  "multi-output": "Gives several answers",
};

/**
 * @param {string} task
 * @returns {string} what a model of this kind does; nothing for a kind not heard of
 */
export function taskSaid(task) {
  return TASKS[/** @type {Output["task"]} */ (task)] ?? "";
}

/**
 * What keeps the answer from being the present one; nothing where it is.
 * @param {import("../shell/state.js").Answer} answer
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
 * @param {import("../shell/state.js").State} state
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

/** @param {import("../shell/state.js").Answer} answer */
function waitSpoken({ slow }) {
  return slow ? "The answer takes longer than usual." : "";
}

/**
 * @param {Facts} facts
 * @param {import("../shell/state.js").Answer} answer
 */
function answerSpoken(facts, { status, prediction }) {
  if (status !== "ready" || !prediction) return "";
  const warnings = prediction.warnings.map((warning) => {
    const { label, words } = warningSaid(facts, warning);
    return `${label}: ${words}`;
  });
  const { output } = facts.signature;
  const words = headline(output, prediction);
  const answer = output.outputs ? words : `${output.label}: ${words}`;
  const sure = doubtOf(prediction) ? "" : sureSaid(output, prediction);
  return [`${answer}.`, sure, ...warnings].filter(Boolean).join(" ");
}

/**
 * @param {import("../lib/types.js").Input[]} inputs
 * @param {import("../lib/types.js").Draft} draft
 * @returns {string} which names of an address are no inputs of this model, if any
 */
export function strangersSaid(inputs, draft) {
  const known = new Set(inputs.map((input) => input.name));
  const strangers = Object.keys(draft).filter((name) => !known.has(name));
  if (strangers.length === 0) return "";
  return `The address names what is no input of this model; it is left out: ${strangers.join(", ")}.`;
}

/**
 * @param {import("../lib/types.js").ModelList} before
 * @param {import("../lib/types.js").ModelList} after
 * @returns {string} which models came and went; nothing where none did
 */
export function changesSaid(before, after) {
  const come = titlesBeside(after, before);
  const gone = titlesBeside(before, after);
  const parts = [come && `New: ${come}.`, gone && `No longer served: ${gone}.`];
  return parts.filter(Boolean).join(" ");
}

/**
 * @param {import("../lib/types.js").ModelList} these
 * @param {import("../lib/types.js").ModelList} those
 */
function titlesBeside({ models }, those) {
  const known = new Set(those.models.map((model) => model.name));
  const strange = models.filter((model) => !known.has(model.name));
  return strange.map((model) => model.title).join(", ");
}

/**
 * @param {Facts} before
 * @param {Facts} after
 * @returns {string} that another version is served, and which inputs came and went with it
 */
export function renewalSaid(before, after) {
  const come = labelsBeside(after, before);
  const gone = labelsBeside(before, after);
  const parts = [
    `Version ${after.version} is served now.`,
    come && `It also asks for: ${come}.`,
    gone && `It no longer asks for: ${gone}.`,
  ];
  return parts.filter(Boolean).join(" ");
}

/**
 * @param {Facts} these
 * @param {Facts} those
 */
function labelsBeside(these, those) {
  const known = new Set(those.signature.inputs.map((input) => input.name));
  const strange = these.signature.inputs.filter((input) => !known.has(input.name));
  return strange.map((input) => input.label).join(", ");
}

/**
 * @param {import("../lib/types.js").Summary} model that is served all the same
 * @param {import("../lib/types.js").Broken} broken
 * @returns {string}
 */
export function troubleSaid(model, { version }) {
  const isAnother = version && version !== model.version;
  return isAnother ? `Version ${version} cannot be served` : "Its last change cannot be served";
}

/**
 * @param {import("../lib/types.js").Runtime} runtime
 * @returns {string}
 */
export function computedBy({ name, verification, unsupported }) {
  if (name !== "sklearn" && verification) {
    const off = verification.largest_difference;
    const how = off ? `off by at most ${off.toExponential(0)} of a number` : "to the last digit";
    const form = name === "onnx" ? "ONNX Runtime" : "A compiled form of the model";
    return `${form}. It was held to scikit-learn on ${count(verification.rows)} rows: the same labels, ${how}.`;
  }
  return unsupported
    ? `scikit-learn. There is no compiled form of ${unsupported}.`
    : "scikit-learn";
}
