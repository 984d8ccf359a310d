/** Pure steps from one state to the next: `(state, fact) -> state`. */

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Fault} Fault */
/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Prediction} Prediction */
/** @typedef {import("./address.js").Route} Route */

/**
 * How far something from the server is: `problem` is set when it refused, none when it is away.
 * @template Body
 * @typedef {{status: "loading" | "ready" | "refused" | "unreachable", body: Body | null, problem: Problem | null}} Fetched
 */

/**
 * @typedef {object} Answer
 * @property {"empty" | "incomplete" | "asking" | "ready" | "invalid" | "refused" | "unreachable"} status
 * @property {boolean} slow no answer for a second
 * @property {Prediction | null} prediction the last one, kept while the next is asked for
 * @property {Draft} asked what that one was asked with
 * @property {readonly Fault[]} faults
 * @property {Problem | null} problem
 */

/**
 * @typedef {object} State
 * @property {Route} route
 * @property {Fetched<{models: import("./types.js").Summary[], broken: {name: string, detail: string}[]}>} gallery
 * @property {Fetched<Facts>} model
 * @property {Draft} draft
 * @property {Answer} answer
 * @property {string} notice a passing word, such as "Address copied."
 */

/** @type {Answer} */
const NO_ANSWER = {
  status: "empty",
  slow: false,
  prediction: null,
  asked: {},
  faults: [],
  problem: null,
};

/** @returns {Fetched<any>} */
const loading = () => ({ status: "loading", body: null, problem: null });

/** @type {State} */
export const INITIAL = {
  route: { page: "gallery" },
  gallery: loading(),
  model: loading(),
  draft: {},
  answer: NO_ANSWER,
  notice: "",
};

/**
 * A new address. Another model starts afresh; the same one keeps what it answered.
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function routed(state, route) {
  if (route.page !== "model") return { ...state, route, notice: "" };
  const before = state.route;
  if (before.page === "model" && before.name === route.name) {
    return { ...state, route, draft: route.draft };
  }
  return {
    ...state,
    route,
    draft: route.draft,
    model: loading(),
    answer: NO_ANSWER,
    notice: "",
  };
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
 * @param {State} state
 * @param {State["model"]} model
 * @returns {State}
 */
export function modelCame(state, model) {
  return { ...state, model };
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
    answer: { ...state.answer, faults },
    notice: "",
  };
}

/**
 * All inputs changed at once, by an example, a pasted row or "Clear".
 * @param {State} state
 * @param {{draft: Draft, notice?: string}} filled
 * @returns {State}
 */
export function filled(state, { draft, notice = "" }) {
  return { ...state, draft, notice, answer: { ...state.answer, faults: [] } };
}

/**
 * The question cannot be asked yet; `faults` are those worth showing now.
 * @param {State} state
 * @param {readonly Fault[]} faults
 * @returns {State}
 */
export function held(state, faults) {
  const blank = Object.values(state.draft).every((text) => text === null || text === "");
  const status = faults.length > 0 ? "invalid" : blank ? "empty" : "incomplete";
  const prediction = status === "empty" ? null : state.answer.prediction;
  return { ...state, answer: { ...state.answer, status, faults, prediction, slow: false } };
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
 * @param {{prediction: Prediction, draft: Draft}} fact
 * @returns {State}
 */
export function answered(state, { prediction, draft }) {
  return { ...state, answer: { ...NO_ANSWER, status: "ready", prediction, asked: draft } };
}

/**
 * @param {State} state
 * @param {Problem} problem
 * @returns {State}
 */
export function refused(state, problem) {
  const faults = problem.errors ?? [];
  const status = faults.length > 0 ? "invalid" : "refused";
  return { ...state, answer: { ...state.answer, status, faults, problem, slow: false } };
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
