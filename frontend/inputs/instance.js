/** One instance of a model as JSON text: what was typed, exactly, or what keeps it from being sent. */

import * as common from "#words/common";
import * as say from "#words/inputs";
import { typedFor, typedIn } from "../lib/draft.js";
import { typeOf } from "./types.js";

/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */

/**
 * What cannot be written as JSON is refused here. Whether a value fits, the server says.
 * @param {Input[]} inputs
 * @param {Draft} draft
 * @returns {{members: [name: string, json: string][], faults: Fault[]}} one instance, member by
 *   member, each value as JSON text; and what is wrong with it
 */
export function instanceOf(inputs, draft) {
  /** @type {[string, string][]} */
  const members = [];
  /** @type {Fault[]} */
  const faults = [];
  for (const input of inputs) {
    const reading = readingOf(input, typedIn(draft, input.name));
    if ("json" in reading) members.push([input.name, reading.json]);
    else faults.push({ input: input.name, pointer: "", ...reading });
  }
  return { members, faults };
}

/**
 * @param {[name: string, json: string][]} members
 * @param {Record<string, unknown>} [beside] what else is asked, such as a target
 * @returns {string} the body of a request
 */
export function bodyOf(members, beside = {}) {
  const inputs = members.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(", ");
  const others = Object.entries(beside).map(
    ([name, value]) => `, ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{"inputs": {${inputs}}${others.join("")}}`;
}

/**
 * @param {Input[]} inputs
 * @param {Record<string, import("../lib/types.js").Scalar | null>} values
 * @returns {Draft} what a person would have typed for the values
 */
export function draftOf(inputs, values) {
  const entries = inputs.map((input) => {
    const value = Object.hasOwn(values, input.name) ? values[input.name] : null;
    return /** @type {const} */ ([input, typedFor(value)]);
  });
  return Object.fromEntries(
    entries
      .filter(([input, typed]) => typed !== null || input.missing_allowed)
      .map(([input, typed]) => [input.name, typed]),
  );
}

/**
 * @param {Input} input
 * @param {string | null | undefined} typed
 * @returns {string} in the words of the card
 */
export function typedText(input, typed) {
  return typed ? typeOf(input).words(input, typed) : common.notKnown;
}

/**
 * @param {Input} input
 * @param {string | null | undefined} typed
 * @returns {import("./types.js").Reading}
 */
function readingOf(input, typed) {
  if (typed === null && input.missing_allowed) return { json: "null" };
  if (!typed?.trim()) return { code: "missing", detail: say.enterAValue };
  return typeOf(input).read(input, typed);
}
