/** The list of models, and pure steps from one state to the next. */

/** @typedef {import("../lib/types.js").ModelList} ModelList */
/** @typedef {import("../lib/fetched.js").Fetched<ModelList>} FetchedList */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {FetchedList & {arrived: readonly string[]}} Gallery names of models that came while it was open */

/**
 * @param {ModelList | null} list
 * @returns {string | null} the name of the model, where a server has one and no other
 */
export function onlyModel(list) {
  const [only, ...others] = list?.models ?? [];
  return only && others.length + (list?.broken.length ?? 0) === 0 ? only.name : null;
}

/**
 * @param {State} state
 * @param {FetchedList} list
 * @returns {State}
 */
export function fetched(state, list) {
  return { ...state, gallery: { ...state.gallery, ...list } };
}
