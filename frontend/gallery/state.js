/** The list of models, and pure steps from one state to the next. */

import { changesText } from "./words.js";

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

/**
 * The list was fetched once more; nothing moves where nothing changed.
 * @param {State} state
 * @param {ModelList} body
 * @returns {State}
 */
export function refreshed(state, body) {
  const { body: before, arrived } = state.gallery;
  if (!before || JSON.stringify(before) === JSON.stringify(body)) return state;
  const added = namesOf(body).filter((name) => !namesOf(before).includes(name));
  return {
    ...state,
    gallery: { status: "ready", body, problem: null, arrived: [...arrived, ...added] },
    announcement: changesText(before, body),
  };
}

/** @param {ModelList} list */
function namesOf({ models }) {
  return models.map((model) => model.name);
}
