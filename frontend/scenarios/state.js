/** Questions that are kept side by side, and what the model answers to each. */

import * as say from "#words/scenarios";
import { isSame, typedIn } from "../lib/draft.js";

/** @typedef {import("../lib/address.js").Kept} Kept */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Explanation} Explanation */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../shell/state.js").State} State */

/**
 * What is known of a kept question; its explanation comes after its prediction, and not from every
 * model.
 * @typedef {{status: "asking" | "ready" | "failed", prediction: Prediction | null, explanation: Explanation | null, detail: string}} Known
 */

/** @type {Known} */
const NOTHING = { status: "asking", prediction: null, explanation: null, detail: "" };

/**
 * @param {State} state
 * @param {Draft} draft
 * @returns {Known}
 */
export function knownOf({ panels }, draft) {
  return panels.scenarios?.[keyOf(draft)] ?? NOTHING;
}

/**
 * @param {State} state
 * @param {{draft: Draft, change: Partial<Known>}} fact
 * @returns {State}
 */
export function learned(state, { draft, change }) {
  const known = { ...knownOf(state, draft), ...change };
  const scenarios = { ...state.panels.scenarios, [keyOf(draft)]: known };
  return { ...state, panels: { ...state.panels, scenarios } };
}

/**
 * Another version answers: what the older one said is of no use.
 * @param {State} state
 * @returns {State}
 */
export function forgotten(state) {
  return { ...state, panels: { ...state.panels, scenarios: {} } };
}

/**
 * @param {readonly Kept[]} kept
 * @param {Draft} draft
 * @returns {Kept[]} with the question under a name that no other has; without it, if it was kept
 */
export function toggled(kept, draft) {
  const others = kept.filter((each) => !isSame(each.draft, draft));
  if (others.length < kept.length) return others;
  const taken = new Set(kept.map((_, at) => nameOf(kept, at)));
  const names = kept.map((_, at) => say.scenarioAt(at + 1));
  const name = names.find((each) => !taken.has(each)) ?? say.scenarioAt(kept.length + 1);
  return [...kept, { name, draft }];
}

/**
 * @param {readonly Kept[]} kept
 * @param {number} at
 * @returns {string} its name, or one by its place
 */
export function nameOf(kept, at) {
  return kept[at]?.name || say.scenarioAt(at + 1);
}

/**
 * @param {readonly Kept[]} kept
 * @param {number} at
 * @param {string} name
 * @returns {Kept[]}
 */
export function renamed(kept, at, name) {
  const given = name.trim() || nameOf(kept, at);
  return kept.map((each, place) => (place === at ? { ...each, name: given } : each));
}

/**
 * @param {readonly Kept[]} kept
 * @param {number} at
 * @param {number} by how many places, down if positive
 * @returns {Kept[]}
 */
export function moved(kept, at, by) {
  const taken = kept.slice(at, at + 1);
  return kept.toSpliced(at, 1).toSpliced(at + by, 0, ...taken);
}

/**
 * @param {readonly Input[]} inputs
 * @param {readonly Draft[]} drafts
 * @returns {Input[]} those whose values are not the same in all
 */
export function differing(inputs, drafts) {
  return inputs.filter(
    ({ name }) => new Set(drafts.map((each) => typedIn(each, name) ?? "")).size > 1,
  );
}

/** @param {Draft} draft */
function keyOf(draft) {
  const typed = Object.entries(draft).filter(([, each]) => each !== "");
  return JSON.stringify(typed.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
