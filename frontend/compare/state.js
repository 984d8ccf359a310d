/** Which other version or model answers the same question, and what it answers. */

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").OutputPrediction} OutputPrediction */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../shell/state.js").State} State */

/**
 * What may be chosen: `part` of the address names it; `fits` is null where its inputs are not known.
 * @typedef {{part: string, name: string, version: string | null, title: string, fits: boolean | null}} Choice
 */

/**
 * `part` names the other one, null where none is chosen; `facts` are those of it.
 * @typedef {object} Comparison
 * @property {readonly Choice[] | null} choices null while they are fetched
 * @property {string | null} part
 * @property {"none" | "loading" | "asking" | "ready" | "failed"} status
 * @property {Facts | null} facts
 * @property {Prediction | null} prediction
 * @property {Draft} asked what that one was asked with
 * @property {string} detail why there is no answer
 */

/** @type {Comparison} */
const NOTHING = {
  choices: null,
  part: null,
  status: "none",
  facts: null,
  prediction: null,
  asked: {},
  detail: "",
};

/**
 * @param {State} state
 * @returns {Comparison}
 */
export function comparisonOf({ panels }) {
  return panels.compare ?? NOTHING;
}

/**
 * @param {State} state
 * @param {Partial<Comparison>} change
 * @returns {State}
 */
export function learned(state, change) {
  const compare = { ...comparisonOf(state), ...change };
  return { ...state, panels: { ...state.panels, compare } };
}

/**
 * @param {State} state
 * @param {string | null} part names the other one
 * @returns {State} nothing is known of it yet
 */
export function chosen(state, part) {
  const { choices } = comparisonOf(state);
  return learned(state, { ...NOTHING, choices, part, status: part ? "loading" : "none" });
}

/**
 * @param {string} part
 * @returns {import("../lib/api.js").Asked}
 */
export function askedOf(part) {
  const at = part.lastIndexOf("@");
  return at < 0
    ? { name: part, version: null }
    : { name: part.slice(0, at), version: part.slice(at + 1) };
}

/**
 * @param {readonly Input[]} present
 * @param {readonly Input[]} wanted
 * @returns {Input[]} those wanted ones of whose name and type none is there
 */
export function missingInputs(present, wanted) {
  const types = new Map(present.map(({ name, type }) => [name, type]));
  return wanted.filter(({ name, type }) => types.get(name) !== type);
}

/**
 * How an answer differs from another, in its number or in the probability of that one's class.
 * @param {{output: Output, prediction: Prediction}} of
 * @param {{output: Output, prediction: Prediction}} from
 * @returns {number | null} null where their outputs are not alike, or have no such figure
 */
export function apart(of, from) {
  if (!isAlike(of.output, from.output)) return null;
  const [here, there] = [of, from].map(({ output, prediction }) =>
    output.task === "regression"
      ? Number(prediction.prediction)
      : prediction.probabilities?.find((row) => row.class === from.prediction.prediction)
          ?.probability,
  );
  return typeof here === "number" && typeof there === "number" ? here - there : null;
}

/**
 * @param {Output} one
 * @param {Output} other
 * @returns {boolean} whether they answer in the same unit, or with the same classes
 */
export function isAlike(one, other) {
  if (one.task !== other.task || one.outputs || other.outputs) return false;
  if (one.task === "regression") return (one.unit ?? null) === (other.unit ?? null);
  const values = (/** @type {Output} */ { classes }) =>
    JSON.stringify(classes?.map(({ value }) => value).toSorted());
  return values(one) === values(other);
}
