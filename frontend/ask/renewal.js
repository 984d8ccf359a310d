/** Whether another version of a model is served than the one that the page has asked for. */

import { wholeModel } from "../shell/model.js";
import { renewalText } from "./renewal-words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../shell/state.js").State} State */

const PAUSES_MS = [0, 500, 1000, 2000];

/**
 * @param {import("../lib/types.js").Problem} problem
 * @param {Facts} facts
 * @returns {boolean} whether it is about inputs that the version does not have, or has and may not:
 *   they have changed
 */
export function isOfOthers({ errors }, { signature: { inputs } }) {
  const names = new Set(inputs.map((input) => input.name));
  return errors.some(
    ({ input, code }) => code === "unknown-input" || (input !== null && !names.has(input)),
  );
}

/**
 * One process of a server may know of another version a moment before the next does.
 * @param {import("../lib/address.js").ModelRoute} route
 * @param {string} version that is known
 * @param {AbortSignal} signal
 * @returns {Promise<Facts | null>} the facts of the other version; null where there is none
 */
export async function newerFacts(route, version, signal) {
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const facts = signal.aborted ? null : await wholeModel(route, signal).catch(() => null);
    if (signal.aborted) return null;
    if (facts && facts.version !== version) return facts;
  }
  return null;
}

/**
 * Another version is served now: what was typed stays as far as its inputs are still there.
 * @param {State} state
 * @param {Facts} facts
 * @returns {State}
 */
export function renewed(state, facts) {
  const before = state.model.body;
  const names = new Set(facts.signature.inputs.map((input) => input.name));
  return {
    ...state,
    model: { status: "ready", body: facts, problem: null },
    draft: Object.fromEntries(Object.entries(state.draft).filter(([name]) => names.has(name))),
    answer: { ...state.answer, prediction: null, faults: [], problem: null },
    notice: before ? renewalText(before, facts) : "",
    undoable: false,
  };
}
