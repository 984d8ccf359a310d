/** The same question for programs: curl, Python and JavaScript, ready to run. */

import { resourcePath } from "../lib/api.js";
import { bodyOf } from "../inputs/instance.js";
import { wholeAddress } from "../lib/origin.js";
import { typeOf } from "../inputs/types.js";
import { inQuotes } from "../lib/posix.js";

/** @typedef {[name: string, json: string][]} Members */
/**
 * What is asked about the instance, and the further members of the request.
 * @typedef {{resource: import("../lib/api.js").Resource, beside: Record<string, unknown>}} Question
 */

/**
 * Code in a language, or for the clients of a protocol, and the request that it sends.
 * @typedef {{language: string, code: string, request: {path: string, body: string}}} Snippet
 */

/**
 * @param {import("../lib/types.js").Facts} facts
 * @returns {Question[]} all that this version can be asked of one instance, with a fair example
 */
export function questionsOf({ capabilities, signature: { inputs, output } }) {
  const { name = "" } = inputs.find((input) => typeOf(input).curve) ?? {};
  const target = output.classes?.at(-1)?.value ?? {
    min: output.training_stats?.quantiles.at(-2) ?? 0,
  };
  /** @type {Question[]} */
  const all = [
    { resource: "explanations", beside: {} },
    { resource: "curves", beside: { input: name } },
    { resource: "counterfactuals", beside: { target } },
    { resource: "nearest-rows", beside: {} },
  ];
  const supported = new Set(/** @type {string[]} */ (capabilities));
  return [
    { resource: "predictions", beside: {} },
    ...all.filter(({ resource }) => supported.has(resource)),
  ];
}

/**
 * @param {import("../lib/api.js").Asked} model
 * @param {Members} members of the instance, each value as JSON text
 * @param {Question} question
 * @returns {Snippet[]}
 */
export function snippets(model, members, question) {
  const { beside } = question;
  const request = requestOf(model, members, question);
  const address = wholeAddress(request.path);
  return [
    { language: "curl", code: curl(address, members, beside), request },
    { language: "Python", code: python(address, members, beside), request },
    { language: "JavaScript", code: javascript(address, members, beside), request },
  ];
}

/**
 * @param {import("../lib/api.js").Asked} model
 * @param {Members} members
 * @param {Question} question
 * @returns {Snippet["request"]} of our own API
 */
export function requestOf(model, members, { resource, beside }) {
  return { path: resourcePath(model, resource), body: bodyOf(members, beside) };
}

/**
 * A text, a number or an object of them reads the same in all three languages.
 * @param {Record<string, unknown>} beside
 * @param {Record<string, string>} [words] of JSON that a language spells otherwise
 */
export function besideOf(beside, words = {}) {
  const literals = Object.entries(beside).map(([name, value]) => {
    const json = JSON.stringify(value);
    return `, "${name}": ${words[json] ?? json}`;
  });
  return literals.join("");
}

/**
 * @param {string} address
 * @param {Members} members
 * @param {Question["beside"]} beside
 */
function curl(address, members, beside) {
  const body = `{"inputs": {\n${lines(members, 4)}\n  }${besideOf(beside)}}`;
  return `curl ${inQuotes(address)} \\
  -H 'Content-Type: application/json' \\
  -d ${inQuotes(body)}`;
}

/** @type {Record<string, string>} */
export const PYTHON_WORDS = { true: "True", false: "False", null: "None" };

/**
 * JSON's texts and numbers read the same in Python; its three words do not.
 * @param {Members} members
 * @returns {Members}
 */
export function pythonMembers(members) {
  return members.map(([name, json]) => [name, PYTHON_WORDS[json] ?? json]);
}

/**
 * @param {string} address
 * @param {Members} members
 * @param {Question["beside"]} beside
 */
function python(address, members, beside) {
  return `import json
from urllib.request import Request, urlopen

inputs = {
${lines(pythonMembers(members), 4)},
}
request = Request(
    ${JSON.stringify(address)},
    data=json.dumps({"inputs": inputs${besideOf(beside, PYTHON_WORDS)}}).encode(),
    headers={"Content-Type": "application/json"},
)
with urlopen(request) as response:
    print(json.load(response))`;
}

/**
 * @param {string} address
 * @param {Members} members
 * @param {Question["beside"]} beside
 */
function javascript(address, members, beside) {
  const isExact = members.every(([name, json]) => name !== "__proto__" && survivesJavaScript(json));
  const before = isExact ? `const inputs = {\n${lines(members, 2)},\n};\n` : "";
  const body = isExact
    ? `JSON.stringify({ inputs${besideOf(beside)} })`
    : JSON.stringify(bodyOf(members, beside));
  return `${before}const response = await fetch(${JSON.stringify(address)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${body},
});
console.log(await response.json());`;
}

/**
 * A number of JavaScript would round a large whole number, so that goes as text.
 * @param {string} json
 */
function survivesJavaScript(json) {
  return !/^-?\d+$/.test(json) || Number.isSafeInteger(Number(json));
}

/**
 * @param {Members} members
 * @param {number} indent
 */
export function lines(members, indent) {
  const margin = " ".repeat(indent);
  return members.map(([name, json]) => `${margin}${JSON.stringify(name)}: ${json}`).join(",\n");
}
