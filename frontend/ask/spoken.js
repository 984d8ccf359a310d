/** A question and its answer in words for screen readers. */

import * as say from "#words/parts";
import { headline } from "./headlines.js";
import { doubtOf, hindrance, sureText, unmeasuredText, warningText } from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * @param {import("../shell/state.js").State} state
 * @returns {string} words for screen readers
 */
export function spokenText(state) {
  const { route, model, answer, notice } = state;
  if (route.page !== "model" || !model.body) return "";
  const words =
    answer.status === "asking"
      ? waitSpoken(answer)
      : hindrance(answer) || answerSpoken(model.body, answer);
  return [notice, words].filter(Boolean).join(" ");
}

/** @param {import("./state.js").Answer} answer */
function waitSpoken({ slow }) {
  return slow ? say.takesLonger : "";
}

/**
 * @param {Facts} facts
 * @param {import("./state.js").Answer} answer
 */
function answerSpoken(facts, { status, prediction }) {
  if (status !== "ready" || !prediction) return "";
  const warnings = prediction.warnings.map((warning) => {
    const { label, words } = warningText(facts, warning);
    return `${label}: ${words}`;
  });
  const { output } = facts.signature;
  const words = headline(output, prediction, facts.training.rows);
  const answer = output.outputs ? words : `${output.label}: ${words}`;
  const known = sureText(output, prediction) || unmeasuredText(facts, prediction);
  const sure = doubtOf(prediction) ? "" : known;
  return [`${answer}.`, sure, ...warnings].filter(Boolean).join(" ");
}
