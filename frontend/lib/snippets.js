/** The same question for programs: curl, Python and JavaScript, ready to run. */

import { predictionsPath } from "./api.js";
import { wholeAddress } from "./origin.js";

/**
 * @param {string} name of the model
 * @param {string} instance JSON text of the inputs
 * @returns {{language: string, code: string}[]}
 */
export function snippets(name, instance) {
  const address = wholeAddress(predictionsPath(name));
  const body = `{"inputs": ${instance}}`;
  return [
    { language: "curl", code: curl(address, body) },
    { language: "Python", code: python(address, body) },
    { language: "JavaScript", code: javascript(address, body) },
  ];
}

/**
 * @param {string} address
 * @param {string} body
 */
function curl(address, body) {
  const quoted = `'${body.replaceAll("'", "'\\''")}'`;
  return `curl ${address} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted}`;
}

/**
 * @param {string} address
 * @param {string} body
 */
function python(address, body) {
  return `import json
from urllib.request import Request, urlopen

body = ${pythonText(body)}
request = Request(
    "${address}",
    data=body.encode(),
    headers={"Content-Type": "application/json"},
)
print(json.load(urlopen(request)))`;
}

/**
 * @param {string} address
 * @param {string} body
 */
function javascript(address, body) {
  return `const response = await fetch("${address}", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${JSON.stringify(body)},
});
console.log(await response.json());`;
}

/**
 * A JSON text is a Python text too: the escapes of the one mean the same in the other.
 * @param {string} text
 */
function pythonText(text) {
  return JSON.stringify(text);
}
