/** What the code asks for and in which language, and what the server responds to that request. */

import { instanceOf } from "../inputs/instance.js";
import { isSame } from "../lib/draft.js";
import { otherClients } from "./client-snippets.js";
import { questionsOf, snippets } from "./snippets.js";

/** @typedef {import("./snippets.js").Question} Question */
/** @typedef {import("./snippets.js").Snippet} Snippet */
/** @typedef {import("../shell/state.js").State} State */

/**
 * `key` tells one request from another.
 * @typedef {{status: "none" | "asking" | "ready" | "failed", key: string, text: string}} Response
 * @typedef {{resource: string, language: string, response: Response}} Code
 */

/** @type {Code} */
const FIRST = {
  resource: "predictions",
  language: "curl",
  response: { status: "none", key: "", text: "" },
};

/**
 * @param {State} state
 * @returns {Code}
 */
export function codeOf({ panels }) {
  return panels.code ?? FIRST;
}

/**
 * @param {State} state
 * @param {Partial<Code>} change
 * @returns {State}
 */
export function changed(state, change) {
  return { ...state, panels: { ...state.panels, code: { ...codeOf(state), ...change } } };
}

/**
 * @param {State} state
 * @returns {{questions: Question[], question: Question, all: Snippet[], snippet: Snippet} | null} the
 *   code for the question in the form; null where an input has no value
 */
export function shownOf(state) {
  const { route, model, draft } = state;
  if (route.page !== "model" || !model.body) return null;
  const { name, signature } = model.body;
  const { members, faults } = instanceOf(signature.inputs, draft);
  const { resource, language } = codeOf(state);
  const questions = questionsOf(model.body);
  const question = questions.find((each) => each.resource === resource) ?? questions[0];
  if (faults.length > 0 || !question) return null;
  const asked = { name, version: route.version };
  const all = [
    ...snippets(asked, members, question),
    ...otherClients(asked, members, question, signature.inputs),
  ];
  const snippet = all.find((each) => each.language === language) ?? all[0];
  return snippet ? { questions, question, all, snippet } : null;
}

/**
 * @param {State} state
 * @returns {boolean} whether the model has answered the inputs as they are now
 */
export function isAnswered({ answer, draft }) {
  return answer.status === "ready" && isSame(answer.asked, draft);
}

/**
 * @param {Snippet["request"]} request
 * @returns {string}
 */
export function keyOf({ path, body }) {
  return `${path}\n${body}`;
}
