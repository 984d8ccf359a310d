/** A question and its answer: pure steps from one state to the next. */

import { isBlank, isSame } from "../lib/draft.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Problem} Problem */
/** @typedef {import("../shell/state.js").State} State */

/**
 * @typedef {object} Answer
 * @property {"empty" | "incomplete" | "asking" | "ready" | "invalid" | "refused" | "unreachable"} status
 * @property {boolean} slow no answer for a second
 * @property {boolean} submitted by the button: the first fault gets the focus
 * @property {Prediction | null} prediction the last one, kept while the next is asked for
 * @property {Draft} asked what that one was asked with
 * @property {readonly Fault[]} faults
 * @property {Problem | null} problem
 * @property {number} took_ms from the question to the answer
 */

/** @type {Answer} */
export const NO_ANSWER = {
  status: "empty",
  slow: false,
  submitted: false,
  prediction: null,
  asked: {},
  faults: [],
  problem: null,
  took_ms: 0,
};

/**
 * One input changed; its fault no longer holds.
 * @param {State} state
 * @param {{name: string, typed: string | null}} change
 * @returns {State}
 */
export function typed(state, { name, typed }) {
  const faults = state.answer.faults.filter((fault) => fault.input !== name);
  return {
    ...state,
    draft: { ...state.draft, [name]: typed },
    answer: { ...state.answer, faults, submitted: false },
    notice: "",
    undoable: false,
    announcement: "",
  };
}

/**
 * All inputs changed at once, by an example, a pasted row or "Clear".
 * @param {State} state
 * @param {{draft: Draft, notice?: string}} filled with a notice, "Undo" stands beside it
 * @returns {State}
 */
export function filled(state, { draft, notice = "" }) {
  const answer = { ...state.answer, faults: [], submitted: false };
  return { ...state, draft, notice, undoable: notice !== "", announcement: "", answer };
}

/**
 * The question cannot be sent yet; `faults` are those worth showing now.
 * @param {State} state
 * @param {{faults: readonly Fault[], submitted: boolean}} fact
 * @returns {State}
 */
export function held(state, { faults, submitted }) {
  const status = faults.length > 0 ? "invalid" : isBlank(state.draft) ? "empty" : "incomplete";
  const prediction = status === "empty" ? null : state.answer.prediction;
  return {
    ...state,
    answer: { ...state.answer, status, faults, submitted, prediction, slow: false },
  };
}

/**
 * @param {State} state
 * @returns {State}
 */
export function asked(state) {
  return { ...state, answer: { ...state.answer, status: "asking", slow: false } };
}

/**
 * @param {State} state
 * @returns {State}
 */
export function slowed(state) {
  return { ...state, answer: { ...state.answer, slow: true } };
}

/**
 * @param {State} state
 * @param {{prediction: Prediction, draft: Draft, took_ms: number}} fact
 * @returns {State}
 */
export function answered(state, { prediction, draft, took_ms }) {
  return { ...state, answer: { ...NO_ANSWER, status: "ready", prediction, asked: draft, took_ms } };
}

/**
 * @param {State} state
 * @param {{problem: Problem, submitted: boolean}} fact
 * @returns {State}
 */
export function refused(state, { problem, submitted }) {
  const faults = problem.errors;
  const status = faults.length > 0 ? "invalid" : "refused";
  return {
    ...state,
    answer: { ...state.answer, status, faults, submitted, problem, slow: false },
  };
}

/**
 * @param {State} state
 * @returns {State}
 */
export function lost(state) {
  return { ...state, answer: { ...state.answer, status: "unreachable", slow: false } };
}

/**
 * @param {State} state
 * @param {string} notice
 * @returns {State}
 */
export function noticed(state, notice) {
  return { ...state, notice, undoable: false };
}

/**
 * @param {State} state
 * @param {string | null} pointed
 * @returns {State}
 */
export function pointed(state, pointed) {
  return { ...state, pointed };
}

/**
 * @param {Answer} answer
 * @param {Draft} draft
 * @returns {boolean} whether the answer belongs to other inputs than those now there, and no answer
 *   to these is about to come
 */
export function isOfOlderInputs({ status, slow, prediction, asked }, draft) {
  if (!prediction || status === "ready" || (status === "asking" && !slow)) return false;
  return !isSame(asked, draft);
}
