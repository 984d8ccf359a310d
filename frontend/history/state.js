/** What the form held before each change: pure steps back and forth. */

import { isSame } from "../lib/draft.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../shell/state.js").State} State */

/**
 * `open` is the input whose next change belongs to the last step; null where the next change is a
 * step of its own.
 * @typedef {{past: readonly Draft[], present: Draft, future: readonly Draft[], open: string | null}} History
 */

const MOST_STEPS = 200;

/**
 * @param {State} state
 * @returns {History | null} null where nothing is recorded yet
 */
export function historyOf({ panels }) {
  return panels.history ?? null;
}

/**
 * The form is shown. If its inputs are others than before, the address brought them.
 * @param {State} state
 * @returns {State}
 */
export function begun(state) {
  if (historyOf(state)) return changed(state, null);
  return withHistory(state, { past: [], present: state.draft, future: [], open: null });
}

/**
 * The form holds something else now.
 * @param {State} state
 * @param {string | null} name of the one input that changed; null for several
 * @returns {State}
 */
export function changed(state, name) {
  const history = historyOf(state);
  const { draft } = state;
  if (!history || isSame(history.present, draft)) return state;
  const { past, present, open } = history;
  const isSameStep = name !== null && name === open;
  const steps = isSameStep ? past : [...past, present].slice(-MOST_STEPS);
  const before = steps.at(-1);
  // Typed back to what it was: there is nothing to go back to.
  const isNothing = before && isSame(before, draft);
  const next = isNothing ? { past: steps.slice(0, -1), open: null } : { past: steps, open: name };
  return withHistory(state, { ...next, present: draft, future: [] });
}

/**
 * A value is complete: the next change of its input is a step of its own.
 * @param {State} state
 * @returns {State}
 */
export function closed(state) {
  const history = historyOf(state);
  return history?.open ? withHistory(state, { ...history, open: null }) : state;
}

/**
 * @param {State} state
 * @returns {State} one step back, as far as the history goes; the form follows
 */
export function undone(state) {
  const history = historyOf(state);
  const before = history?.past.at(-1);
  if (!history || !before) return state;
  const { past, present, future } = history;
  const next = { past: past.slice(0, -1), present: before, future: [present, ...future] };
  return withHistory(state, { ...next, open: null });
}

/**
 * @param {State} state
 * @returns {State} one step forth, as far as the history goes; the form follows
 */
export function redone(state) {
  const history = historyOf(state);
  const [after, ...future] = history?.future ?? [];
  if (!history || !after) return state;
  const past = [...history.past, history.present];
  return withHistory(state, { past, present: after, future, open: null });
}

/**
 * @param {State} state
 * @param {History} history
 * @returns {State}
 */
function withHistory(state, history) {
  return { ...state, panels: { ...state.panels, history } };
}
