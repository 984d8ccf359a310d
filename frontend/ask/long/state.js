/** What a long form goes by: the order of its inputs, and the values that its address leaves out. */

import * as say from "#words/long";
import { showEvaluation } from "../../lib/api.js";

/** @typedef {import("../../shell/state.js").State} State */

/**
 * The order of the inputs is known before they are shown, so that none moves later.
 * @param {import("../../lib/types.js").Facts} facts
 * @param {import("../../lib/store.js").Store} store
 */
export async function prepare({ name, version, capabilities }, store) {
  if (!capabilities.includes("evaluation")) return;
  const { signal } = new AbortController();
  const measured = await showEvaluation({ name, version }, signal).catch(() => null);
  const inputs = measured?.importance?.inputs ?? [];
  const ranked = [...inputs].sort((a, b) => b.importance - a.importance);
  if (ranked.length > 0) store.apply(ranksKnown, { name, ranks: ranked.map(({ input }) => input) });
}

/**
 * @param {State} state
 * @param {{name: string, ranks: readonly string[]}} fact
 * @returns {State}
 */
export function ranksKnown(state, { name, ranks }) {
  if (state.model.body?.name !== name) return state;
  return { ...state, panels: { ...state.panels, ranks } };
}

/**
 * The address left out what is typical of a version.
 * @param {State} state
 * @param {import("../../lib/address.js").Base} base
 * @returns {State}
 */
export function based(state, { draft }) {
  const { route } = state;
  if (route.page !== "model") return state;
  const kept = route.kept.map((each) => ({ ...each, draft: { ...draft, ...each.draft } }));
  const whole = { ...draft, ...route.draft };
  return { ...state, draft: whole, route: { ...route, draft: whole, kept } };
}

/**
 * @param {string | null | undefined} base the version whose typical values an address left out
 * @param {string} version that is asked
 * @returns {string} that they are those of another one, if so
 */
export function baseText(base, version) {
  if (!base || base === version) return "";
  return say.thisLinkIsOfVersion(base, version);
}
