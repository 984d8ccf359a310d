/** What changes in the list of models while somebody looks at it. */

import { changesText } from "./words.js";

/** @typedef {import("../lib/types.js").ModelList} ModelList */
/** @typedef {import("../shell/state.js").State} State */

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
