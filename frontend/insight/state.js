/** What moved an answer and what would: its state, and pure steps and questions over it. */

import { typeOf } from "../inputs/types.js";
import { typedIn } from "../lib/draft.js";

/** @typedef {import("../lib/types.js").Contribution} Contribution */
/** @typedef {import("../lib/types.js").CurvePoint} CurvePoint */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Scalar} Scalar */
/** @typedef {import("../ask/state.js").Answer} Answer */
/** @typedef {import("../shell/state.js").State} State */

/**
 * One thing that is asked beside the answer; `of` is the question that its body belongs to.
 * @template Body
 * @typedef {{status: "none" | "asking" | "ready" | "failed", body: Body | null, of: Draft | null, detail: string}} Look
 */

/**
 * @typedef {object} Insight
 * @property {Look<import("../lib/types.js").Explanation>} explanation
 * @property {Scalar | null} output the class or output to explain; null for the predicted or first
 * @property {string | null} chosen the input whose curve is shown
 * @property {Look<import("../lib/types.js").Curve>} curve
 * @property {Look<import("../lib/types.js").Counterfactuals>} changes
 * @property {import("../lib/types.js").Target | null} target of the changes
 * @property {Look<import("../lib/types.js").NearestRows>} nearest
 */
/** @typedef {"explanation" | "curve" | "changes" | "nearest"} Part */

/** @type {Look<any>} */
const NONE = { status: "none", body: null, of: null, detail: "" };

/** @type {Insight} */
const NO_INSIGHT = {
  explanation: NONE,
  output: null,
  chosen: null,
  curve: NONE,
  changes: NONE,
  target: null,
  nearest: NONE,
};

/**
 * @param {State} state
 * @returns {Insight}
 */
export function insightOf({ panels }) {
  return panels.insight ?? NO_INSIGHT;
}

/**
 * @param {State} state
 * @param {Partial<Insight>} change
 * @returns {State}
 */
function changed(state, change) {
  return { ...state, panels: { ...state.panels, insight: { ...insightOf(state), ...change } } };
}

/**
 * @param {State} state
 * @param {{part: Part, change: Partial<Look<any>>}} fact
 * @returns {State}
 */
export function looked(state, { part, change }) {
  return changed(state, { [part]: { ...insightOf(state)[part], ...change } });
}

/**
 * Another class or output is to be explained: the known curve is of no use.
 * @param {State} state
 * @param {Scalar | null} output
 * @returns {State}
 */
export function explained(state, output) {
  return changed(state, { output, curve: { ...insightOf(state).curve, of: null } });
}

/**
 * @param {State} state
 * @param {string} chosen
 * @returns {State}
 */
export function chosen(state, chosen) {
  return changed(state, { chosen });
}

/**
 * @param {State} state
 * @param {import("../lib/types.js").Target} target
 * @returns {State}
 */
export function sought(state, target) {
  return changed(state, { target, changes: NONE });
}

/**
 * @param {Input} input
 * @returns {boolean} whether its type has a curve
 */
export function isCurved(input) {
  return typeOf(input).curve !== null;
}

/**
 * @param {Answer} answer
 * @param {Look<any>} look
 * @returns {boolean} whether it belongs to a question that is no longer the present one
 */
export function isStale(answer, { status, of }) {
  return answer.status !== "ready" || status !== "ready" || of !== answer.asked;
}

/**
 * @param {string} name
 * @param {Draft | null} before
 * @param {Draft} after
 * @returns {boolean} whether two questions differ in this input at most: they share its curve
 */
export function differsOnlyIn(name, before, after) {
  if (!before) return false;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].every(
    (each) => each === name || typedIn(before, each) === typedIn(after, each),
  );
}

/** Relative to the figures; anything smaller is rounding noise. */
const NOISE = 1e-9;

/**
 * @param {import("../lib/types.js").Explanation} explanation
 * @returns {Contribution[]} in their order, with noise as 0
 */
export function effectsOf({ base, prediction, contributions }) {
  const noise = NOISE * Math.max(Math.abs(base), Math.abs(prediction));
  return contributions.map((row) =>
    Math.abs(row.contribution) < noise ? { ...row, contribution: 0 } : row,
  );
}

/**
 * @param {readonly Contribution[]} contributions
 * @returns {Contribution[]} the largest first
 */
export function largestFirst(contributions) {
  return contributions.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/**
 * @param {Facts} facts
 * @param {Insight} insight
 * @returns {string | null} the input whose curve is shown: the chosen, else the strongest
 */
export function inputOfCurve({ signature }, { chosen, explanation }) {
  const curved = signature.inputs.filter(isCurved).map((input) => input.name);
  if (chosen !== null && curved.includes(chosen)) return chosen;
  const strongest = largestFirst(explanation.body?.contributions ?? [])[0]?.input ?? "";
  return curved.includes(strongest) ? strongest : (curved[0] ?? null);
}

/**
 * Between two points of a curve the answer itself knows better than a straight line.
 * @param {readonly CurvePoint[]} points ascending
 * @param {number} at
 * @param {number} prediction there
 * @returns {CurvePoint[]}
 */
export function withPresent(points, at, prediction) {
  const [first, last] = [Number(points[0]?.value), Number(points.at(-1)?.value)];
  if (!(first <= at && at <= last)) return [...points];
  const average = heightAt(points, at, "average");
  const here = { value: at, prediction, average, accumulated: null };
  const below = points.filter(({ value }) => Number(value) < at);
  const above = points.filter(({ value }) => Number(value) > at);
  return [...below, here, ...above];
}

/**
 * @param {readonly CurvePoint[]} points ascending
 * @param {number} at
 * @param {"prediction" | "average"} line
 * @returns {number} the height of a line there, straight between two points and level beyond them
 */
export function heightAt(points, at, line) {
  const next = points.findIndex((point) => Number(point.value) >= at);
  if (next <= 0) return points.at(next)?.[line] ?? 0;
  const [low, high] = [points[next - 1], points[next]];
  if (!low || !high) return 0;
  const share = (at - Number(low.value)) / (Number(high.value) - Number(low.value) || 1);
  return low[line] + share * (high[line] - low[line]);
}
