/** The list of models, and pure steps from one state to the next. */

/** @typedef {import("../lib/types.js").ModelList} ModelList */
/** @typedef {import("../lib/fetched.js").Fetched<ModelList>} FetchedList */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {FetchedList & {arrived: readonly string[]}} Gallery names of models that came while it was open */

/**
 * @param {State} state
 * @param {FetchedList} list
 * @returns {State}
 */
export function fetched(state, list) {
  return { ...state, gallery: { ...state.gallery, ...list } };
}
