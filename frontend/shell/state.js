/** Pure steps from one state to the next: `(state, fact) -> state`. */

import { isBlank } from "../inputs/draft.js";
import { RECIPE } from "../add/publish-form.js";
import { changesSaid, renewalSaid } from "../ask/words.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Problem} Problem */
/** @typedef {import("../lib/types.js").ModelList} ModelList */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../add/publish-form.js").Recipe} Recipe */
/** @typedef {import("../lib/address.js").Route} Route */

/**
 * How far something from the server is: `problem` is set when it refused, none when it is away.
 * @template Body
 * @typedef {{status: "loading" | "ready" | "refused" | "unreachable", body: Body | null, problem: Problem | null}} Fetched
 */

/**
 * @typedef {object} Answer
 * @property {"empty" | "incomplete" | "asking" | "ready" | "invalid" | "refused" | "unreachable"} status
 * @property {boolean} slow no answer for a second
 * @property {boolean} insisted asked by the button: what is wrong is gone to at once
 * @property {Prediction | null} prediction the last one, kept while the next is asked for
 * @property {Draft} asked what that one was asked with
 * @property {readonly Fault[]} faults
 * @property {Problem | null} problem
 * @property {number} took_ms from the question to the answer
 */

/**
 * @typedef {object} State
 * @property {Route} route
 * @property {Fetched<ModelList>} gallery
 * @property {readonly string[]} arrived names of the models that came while the gallery was open
 * @property {Fetched<Facts>} model
 * @property {Draft} draft
 * @property {Answer} answer
 * @property {string} notice what became of a pasted row, an old address or an old version, shown
 *   in the form
 * @property {Recipe} recipe what was typed on the page that tells how to add a model
 * @property {Fetched<import("../lib/types.js").Evaluation>} evaluation of this version, once About is open
 * @property {number | null} threshold tried in About; null is the model's own
 * @property {string} said a passing word for the ear alone; the eye sees it where it happened
 * @property {string | null} pointed at: the input whose field is marked in the form
 * @property {import("../insight/state.js").Insight | null} insight what moved the answer and what would
 * @property {import("../batch/state.js").Batch | null} batch a file of rows, once its panel was opened
 */

/** @type {Answer} */
const NO_ANSWER = {
  status: "empty",
  slow: false,
  insisted: false,
  prediction: null,
  asked: {},
  faults: [],
  problem: null,
  took_ms: 0,
};

/** @returns {Fetched<any>} */
const loading = () => ({ status: "loading", body: null, problem: null });

/** @type {State} */
export const INITIAL = {
  route: { page: "gallery" },
  gallery: loading(),
  arrived: [],
  model: loading(),
  draft: {},
  answer: NO_ANSWER,
  notice: "",
  recipe: RECIPE,
  evaluation: loading(),
  threshold: null,
  said: "",
  pointed: null,
  insight: null,
  batch: null,
};

/**
 * A new address. Another model starts afresh; the same one keeps what it answered.
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function routed(state, route) {
  const calm = { ...state, route, arrived: [], notice: "", said: "", pointed: null };
  if (route.page !== "model") return calm;
  const draft = route.draft ?? {};
  if (isSameModel(state.route, route)) return { ...calm, draft };
  const afresh = { ...unevaluated(calm), insight: null, batch: null };
  return { ...afresh, draft, model: loading(), answer: NO_ANSWER };
}

/**
 * The address was brought up to date with the question; nothing else changed.
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function readdressed(state, route) {
  return { ...state, route };
}

/**
 * @param {Route} before
 * @param {Route} after
 * @returns {boolean}
 */
export function isSameModel(before, after) {
  if (before.page !== "model" || after.page !== "model") return false;
  return before.name === after.name && before.version === after.version;
}

/**
 * @param {State} state
 * @param {State["gallery"]} gallery
 * @returns {State}
 */
export function galleryCame(state, gallery) {
  return { ...state, gallery };
}

/**
 * The gallery was looked at again; nothing moves where nothing changed.
 * @param {State} state
 * @param {ModelList} body
 * @returns {State}
 */
export function galleryChanged(state, body) {
  const before = state.gallery.body;
  if (!before || JSON.stringify(before) === JSON.stringify(body)) return state;
  const arrived = namesOf(body).filter((name) => !namesOf(before).includes(name));
  return {
    ...state,
    gallery: { status: "ready", body, problem: null },
    arrived: [...state.arrived, ...arrived],
    said: changesSaid(before, body),
  };
}

/** @param {ModelList} list */
function namesOf({ models }) {
  return models.map((model) => model.name);
}

/**
 * @param {State} state
 * @param {State["model"]} model
 * @returns {State}
 */
export function modelCame(state, model) {
  return { ...state, model };
}

/**
 * Another version is served by now: what was typed stays as far as its inputs are still there.
 * @param {State} state
 * @param {Facts} facts
 * @returns {State}
 */
export function renewed(state, facts) {
  const before = state.model.body;
  const names = new Set(facts.signature.inputs.map((input) => input.name));
  return {
    ...unevaluated(state),
    model: { status: "ready", body: facts, problem: null },
    draft: Object.fromEntries(Object.entries(state.draft).filter(([name]) => names.has(name))),
    answer: { ...state.answer, prediction: null, faults: [], problem: null },
    notice: before ? renewalSaid(before, facts) : "",
  };
}

/**
 * One input changed; what was said of it no longer holds.
 * @param {State} state
 * @param {{name: string, typed: string | null}} change
 * @returns {State}
 */
export function typed(state, { name, typed }) {
  const faults = state.answer.faults.filter((fault) => fault.input !== name);
  return {
    ...state,
    draft: { ...state.draft, [name]: typed },
    answer: { ...state.answer, faults, insisted: false },
    notice: "",
    said: "",
  };
}

/**
 * All inputs changed at once, by an example, a pasted row or "Clear".
 * @param {State} state
 * @param {{draft: Draft, notice?: string}} filled
 * @returns {State}
 */
export function filled(state, { draft, notice = "" }) {
  const answer = { ...state.answer, faults: [], insisted: false };
  return { ...state, draft, notice, said: "", answer };
}

/**
 * The question cannot be asked yet; `faults` are those worth showing now.
 * @param {State} state
 * @param {{faults: readonly Fault[], insisted: boolean}} fact
 * @returns {State}
 */
export function held(state, { faults, insisted }) {
  const status = faults.length > 0 ? "invalid" : isBlank(state.draft) ? "empty" : "incomplete";
  const prediction = status === "empty" ? null : state.answer.prediction;
  return {
    ...state,
    answer: { ...state.answer, status, faults, insisted, prediction, slow: false },
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
 * @param {{problem: Problem, insisted: boolean}} fact
 * @returns {State}
 */
export function refused(state, { problem, insisted }) {
  const faults = problem.errors;
  const status = faults.length > 0 ? "invalid" : "refused";
  return {
    ...state,
    answer: { ...state.answer, status, faults, insisted, problem, slow: false },
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
  return { ...state, notice };
}

/**
 * @param {State} state
 * @param {string} words
 * @returns {State}
 */
export function said(state, words) {
  return { ...state, said: words };
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
 * @param {State} state
 * @param {Partial<Recipe>} change
 * @returns {State}
 */
export function prepared(state, change) {
  return { ...state, recipe: { ...state.recipe, ...change } };
}

/**
 * @param {State} state
 * @returns {State} with nothing known of how good this version is
 */
function unevaluated(state) {
  return { ...state, evaluation: loading(), threshold: null };
}

/**
 * @param {State} state
 * @param {State["evaluation"]} evaluation
 * @returns {State}
 */
export function evaluationCame(state, evaluation) {
  return { ...state, evaluation };
}

/**
 * @param {State} state
 * @param {number | null} threshold
 * @returns {State}
 */
export function thresholdTried(state, threshold) {
  return { ...state, threshold };
}

/**
 * @param {State} state
 * @returns {State} with a panel whose code did not come
 */
export function batchLost(state) {
  return { ...state, batch: /** @type {any} */ ({ status: "lost" }) };
}
