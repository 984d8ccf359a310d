/** What "Undo", "Redo" and "Reset" say. */

import * as say from "#words/history";
import { typedText } from "../inputs/instance.js";
import { typedFor, typedIn } from "../lib/draft.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */

/**
 * @param {Facts} facts
 * @param {Draft} from
 * @param {Draft | undefined} to
 * @returns {string} the input that would change, or how many; nothing where there is no such step
 */
export function stepText({ signature: { inputs } }, from, to) {
  if (!to) return "";
  const apart = inputs.filter(
    ({ name }) => (typedIn(from, name) ?? "") !== (typedIn(to, name) ?? ""),
  );
  return apart.length === 1 ? `${apart[0]?.label}` : say.inputCount(apart.length);
}

/**
 * @param {Input} input
 * @returns {string}
 */
export function resetText(input) {
  return say.reset(input.label, typedText(input, typedFor(input.typical)));
}
