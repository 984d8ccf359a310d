/** What only some models need of the form and the answer: fetched once the facts of one are known. */

import { typeOf } from "../inputs/types.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */

/**
 * What nobody has to wait for: it says the answer again, to the ear and at the foot of a phone, and
 * takes pasted rows.
 */
export function loadRest() {
  import("./servery-paste.js").catch(() => null);
  import("./servery-spoken.js").catch(() => null);
  import("./servery-answer-bar.js").catch(() => null);
}

/**
 * @param {Facts} facts
 * @returns {Promise<unknown>} the elements of its inputs and its output are there
 */
export function loadNeeds({ signature: { inputs, output }, notes }) {
  const loads = new Set(inputs.map((input) => typeOf(input).load));
  if (inputs.some((input) => typeOf(input).isProse)) loads.add(() => import("./servery-doubt.js"));
  if (notes.length > 0) loads.add(() => import("./servery-notes.js"));
  return Promise.all([...[...loads].map((load) => load?.()), ...figuresOf(output)]);
}

/**
 * @param {Output} output
 * @returns {Promise<unknown>[]}
 */
function figuresOf({ task, outputs, probabilities, scores }) {
  if (outputs) return [import("./servery-parts.js"), ...outputs.flatMap(figuresOf)];
  if (task === "regression") return [import("./servery-quantile-marker.js")];
  if (probabilities) return [];
  return [scores ? import("./servery-scores.js") : import("./servery-alternatives.js")];
}
