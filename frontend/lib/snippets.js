/** The same question for programs: curl, Python and JavaScript, ready to run. */

import { resourcePath } from "./api.js";
import { bodyOf } from "./draft.js";
import { wholeAddress } from "./origin.js";
import { inQuotes } from "./shell.js";

/** @typedef {[name: string, json: string][]} Members */

/**
 * @param {import("./api.js").Asked} model
 * @param {Members} members of the instance, each value as JSON text
 * @returns {{language: string, code: string}[]}
 */
export function snippets(model, members) {
  const address = wholeAddress(resourcePath(model, "predictions"));
  return [
    { language: "curl", code: curl(address, members) },
    { language: "Python", code: python(address, members) },
    { language: "JavaScript", code: javascript(address, members) },
  ];
}

/**
 * @param {string} address
 * @param {Members} members
 */
function curl(address, members) {
  const body = `{"inputs": {\n${lines(members, 4)}\n  }}`;
  return `curl ${inQuotes(address)} \\
  -H 'Content-Type: application/json' \\
  -d ${inQuotes(body)}`;
}

/** @type {Record<string, string>} */
const PYTHON_WORDS = { true: "True", false: "False", null: "None" };

/**
 * JSON's texts and numbers read the same in Python; its three words do not.
 * @param {string} address
 * @param {Members} members
 */
function python(address, members) {
  const literals = members.map(
    ([name, json]) => /** @type {[string, string]} */ ([name, PYTHON_WORDS[json] ?? json]),
  );
  return `import json
from urllib.request import Request, urlopen

inputs = {
${lines(literals, 4)},
}
request = Request(
    ${JSON.stringify(address)},
    data=json.dumps({"inputs": inputs}).encode(),
    headers={"Content-Type": "application/json"},
)
with urlopen(request) as response:
    print(json.load(response))`;
}

/**
 * @param {string} address
 * @param {Members} members
 */
function javascript(address, members) {
  const isExact = members.every(([, json]) => survivesJavaScript(json));
  const before = isExact ? `const inputs = {\n${lines(members, 2)},\n};\n` : "";
  const body = isExact ? "JSON.stringify({ inputs })" : JSON.stringify(bodyOf(members));
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
function lines(members, indent) {
  const margin = " ".repeat(indent);
  return members.map(([name, json]) => `${margin}${JSON.stringify(name)}: ${json}`).join(",\n");
}
