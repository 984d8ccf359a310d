/** What every page goes by, and pure steps from one state to the next: `(state, fact) -> state`. */

import { NO_ANSWER } from "../ask/state.js";
import { LOADING } from "../lib/fetched.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/address.js").Route} Route */

/**
 * @typedef {object} State
 * @property {Route} route
 * @property {import("../gallery/state.js").Gallery} gallery
 * @property {import("../lib/fetched.js").Fetched<Facts>} model
 * @property {import("../lib/types.js").Draft} draft what is typed in the form
 * @property {import("../ask/state.js").Answer} answer
 * @property {string} notice what became of a pasted row, an old address or an old version, shown
 *   in the form
 * @property {boolean} undoable whether the notice is about what "Undo" takes back
 * @property {string | null} pointed at: the input whose field is marked in the form
 * @property {string} announcement a passing word for screen readers; others see it where it happened
 * @property {Partial<import("../add/publish-form.js").PublishForm>} publishForm
 * @property {Readonly<Record<string, "ready" | "failed">>} code of pages and panels, once it was needed
 * @property {Readonly<Record<string, any>>} panels what a panel or a part of it knows of this model
 */

/** @type {State} */
export const INITIAL = {
  route: { page: "gallery" },
  gallery: { ...LOADING, arrived: [] },
  model: LOADING,
  draft: {},
  answer: NO_ANSWER,
  notice: "",
  undoable: false,
  pointed: null,
  announcement: "",
  publishForm: {},
  code: {},
  panels: {},
};

/**
 * A new address. Another model begins from nothing; the same one keeps what it answered.
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function routed(state, route) {
  const gallery = { ...state.gallery, arrived: [] };
  const said = { notice: "", undoable: false, announcement: "", pointed: null };
  const calm = { ...state, route, gallery, ...said };
  if (route.page !== "model") return calm;
  const draft = route.draft ?? {};
  if (isSameModel(state.route, route)) return { ...calm, draft };
  return { ...calm, draft, model: LOADING, answer: NO_ANSWER, panels: {} };
}

/**
 * The address was brought up to date with the question; nothing else changed.
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function addressed(state, route) {
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
 * @param {{name: string, status: "ready" | "failed"}} fact about the code of a page or a panel
 * @returns {State}
 */
export function codeLoaded(state, { name, status }) {
  if (state.code[name] === status) return state;
  return { ...state, code: { ...state.code, [name]: status } };
}

/**
 * @param {State} state
 * @param {State["model"]} model
 * @returns {State}
 */
export function modelFetched(state, model) {
  return { ...state, model };
}

/**
 * @param {State} state
 * @param {string} announcement
 * @returns {State}
 */
export function announced(state, announcement) {
  return { ...state, announcement };
}
