/** Measured rows with known outcomes: those that are listed, and the one that was picked. */

import { isSame } from "../lib/draft.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").KeptRow} KeptRow */
/** @typedef {import("../shell/state.js").State} State */

/** @typedef {"error" | "uncertainty" | "outcome"} Sorting */
/**
 * Which rows are listed: `outcome` is a class as text, empty for all.
 * @typedef {{sort: Sorting, order: "ascending" | "descending", outcome: string, offset: number}} Listing
 */
/**
 * @typedef {object} Known
 * @property {"none" | "asking" | "ready" | "failed"} status
 * @property {Listing} listing
 * @property {number} total rows that match
 * @property {readonly KeptRow[]} rows
 * @property {string} detail why there are none
 * @property {{row: KeptRow, draft: Draft} | null} picked and what it filled in
 */

export const PAGE_ROWS = 8;

/** @type {Known} */
const NOTHING = {
  status: "none",
  listing: { sort: "error", order: "descending", outcome: "", offset: 0 },
  total: 0,
  rows: [],
  detail: "",
  picked: null,
};

/**
 * @param {State} state
 * @returns {Known}
 */
export function knownOf({ panels }) {
  return panels.known ?? NOTHING;
}

/**
 * @param {State} state
 * @param {Partial<Known>} change
 * @returns {State}
 */
export function learned(state, change) {
  return { ...state, panels: { ...state.panels, known: { ...knownOf(state), ...change } } };
}

/**
 * Other rows, or another order, begin with the first page.
 * @param {Listing} listing
 * @param {Partial<Listing>} change
 * @returns {Listing}
 */
export function relisted(listing, change) {
  return { ...listing, offset: 0, ...change };
}

/**
 * @param {State} state
 * @returns {KeptRow | null} the row that was picked, as long as the form holds its inputs
 */
export function pickedOf(state) {
  const { picked } = knownOf(state);
  return picked && isSame(picked.draft, state.draft) ? picked.row : null;
}
