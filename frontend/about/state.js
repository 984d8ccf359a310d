/** What About knows beside the facts of a model, and pure steps from one state to the next. */

import { LOADING } from "../lib/fetched.js";

/** @typedef {import("../shell/state.js").State} State */

/**
 * @typedef {object} About
 * @property {import("../lib/fetched.js").Fetched<import("../lib/types.js").Evaluation>} evaluation
 * @property {number | null} threshold that is tried; null is the model's own
 */

/** @type {About} */
const NOTHING = { evaluation: LOADING, threshold: null };

/**
 * @param {State} state
 * @returns {About}
 */
export function aboutOf({ panels }) {
  return panels.about ?? NOTHING;
}

/**
 * Another version is shown: nothing is known of it.
 * @param {State} state
 * @returns {State}
 */
export function cleared(state) {
  return changed(state, NOTHING);
}

/**
 * @param {State} state
 * @param {About["evaluation"]} evaluation
 * @returns {State}
 */
export function evaluationFetched(state, evaluation) {
  return changed(state, { evaluation });
}

/**
 * @param {State} state
 * @param {number | null} threshold
 * @returns {State}
 */
export function thresholdTried(state, threshold) {
  return changed(state, { threshold });
}

/**
 * @param {State} state
 * @param {Partial<About>} change
 * @returns {State}
 */
function changed(state, change) {
  return { ...state, panels: { ...state.panels, about: { ...aboutOf(state), ...change } } };
}
