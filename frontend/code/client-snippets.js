/** The same question for clients of other kinds, as far as each can ask it. */

import { resourcePath } from "../lib/api.js";
import { wholeAddress } from "../lib/origin.js";
import { inQuotes } from "../lib/posix.js";
import { PYTHON_WORDS, besideOf, lines, pythonMembers, requestOf } from "./snippets.js";

/** @typedef {import("./snippets.js").Members} Members */
/** @typedef {import("./snippets.js").Question} Question */
/** @typedef {import("../lib/api.js").Asked} Asked */
/** @typedef {import("./snippets.js").Snippet} Snippet */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {{code: string, request: Snippet["request"]}} Asking */

/** What each kind of question is called there; a client without a word for it cannot ask it. */
const METHODS = {
  predictions: "predict",
  explanations: "explain",
  counterfactuals: "counterfactuals",
};
const TOOLS = { predictions: "predict", explanations: "explain", counterfactuals: "change" };

/**
 * @param {Asked} model
 * @param {Members} members of the instance, each value as JSON text
 * @param {Question} question
 * @param {readonly Input[]} inputs
 * @returns {Snippet[]}
 */
export function otherClients(model, members, question, inputs) {
  const request = requestOf(model, members, question);
  const python = pythonClient(model, members, question);
  /** @type {[string, Asking | null][]} */
  const all = [
    ["Python client", python === null ? null : { code: python, request }],
    ["R", { code: r(model, members, question), request }],
    ["KServe", kserve(model, members, question, inputs)],
    ["MLflow", mlflow(model, members, question)],
    ["MCP", mcp(model, members, question)],
  ];
  return all.flatMap(([language, asking]) => (asking ? [{ language, ...asking }] : []));
}

/**
 * @param {Asked} model
 * @param {Members} members
 * @param {Question} question
 */
function pythonClient({ name, version }, members, { resource, beside }) {
  const method = wordFor(METHODS, resource);
  if (!method) return null;
  const pinned = version ? `${name}@${version}` : name;
  const others = Object.entries(beside).map(
    ([word, value]) => `, ${word}=${literalOf(JSON.stringify(value))}`,
  );
  return `# pip install servery-client
from servery_client import connect

inputs = {
${lines(pythonMembers(members), 4)},
}
with connect(${JSON.stringify(wholeAddress("/"))}) as client:
    print(client[${JSON.stringify(pinned)}].${method}(inputs${others.join("")}))`;
}

/**
 * The body is a text: numbers of R would lose digits, and its lists have no null.
 * @param {Asked} model
 * @param {Members} members
 * @param {Question} question
 */
function r(model, members, { resource, beside }) {
  const body = `{"inputs": {\n${lines(members, 4)}\n  }${besideOf(beside)}}`;
  let dashes = "";
  while (body.includes(`)${dashes}"`)) dashes += "-";
  return `library(httr2)

request(${JSON.stringify(wholeAddress(resourcePath(model, resource)))}) |>
  req_body_raw(r"${dashes}(${body})${dashes}", "application/json") |>
  req_perform() |>
  resp_body_json() |>
  str()`;
}

/**
 * The Open Inference Protocol, V2 of KServe: a tensor for each input.
 * @param {Asked} model
 * @param {Members} members
 * @param {Question} question
 * @param {readonly Input[]} inputs
 */
function kserve({ name, version }, members, { resource }, inputs) {
  if (resource !== "predictions") return null;
  const types = new Map(inputs.map((input) => [input.name, input.type]));
  const tensors = members.map(
    ([each, json]) =>
      `    {"name": ${JSON.stringify(each)}, "shape": [1], "datatype": "${datatypeOf(json, types.get(each))}", "data": [${json}]}`,
  );
  const pinned = version ? `/versions/${encodeURIComponent(version)}` : "";
  const path = `/v2/models/${encodeURIComponent(name)}${pinned}/infer`;
  return curl(path, `{"inputs": [\n${tensors.join(",\n")}\n  ]}`);
}

/**
 * @param {string} json
 * @param {string | undefined} type of the input
 * @returns {string} the type of a tensor with this value
 */
function datatypeOf(json, type) {
  if (json === "true" || json === "false") return "BOOL";
  const isNumber =
    json === "null" ? type === "number" || type === "integer" : !json.startsWith('"');
  if (!isNumber) return "BYTES";
  return type !== "number" && /^-?\d+$/.test(json) ? "INT64" : "FP64";
}

/**
 * @param {Asked} model
 * @param {Members} members
 * @param {Question} question
 */
function mlflow({ name, version }, members, { resource }) {
  if (resource !== "predictions" || version) return null;
  const path = `/mlflow/${encodeURIComponent(name)}/invocations`;
  return curl(path, `{"dataframe_records": [{\n${lines(members, 4)}\n  }]}`);
}

/**
 * Tools have the served version alone. Names that no agent takes have an alias that only the list
 * of tools says.
 * @param {Asked} model
 * @param {Members} members
 * @param {Question} question
 */
function mcp({ name, version }, members, { resource, beside }) {
  const tool = `${wordFor(TOOLS, resource)}_${name}`;
  const isPlain = /^[a-zA-Z0-9_.-]{1,64}$/.test(tool);
  const isClear = members.every(([each]) => each !== "output" && each !== "target");
  if (version || !isPlain || !isClear || !wordFor(TOOLS, resource)) return null;
  const others = Object.entries(beside).map(
    ([word, value]) => /** @type {[string, string]} */ ([word, JSON.stringify(value)]),
  );
  const call = `{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
  "name": ${JSON.stringify(tool)},
  "arguments": {
${lines([...members, ...others], 4)}
  }}}`;
  const { code, request } = curl("/mcp", call);
  return { code: `# The address for an agent: ${wholeAddress("/mcp")}\n${code}`, request };
}

/**
 * @param {string} path
 * @param {string} body
 * @returns {Asking}
 */
function curl(path, body) {
  const code = `curl ${inQuotes(wholeAddress(path))} \\
  -H 'Content-Type: application/json' \\
  -d ${inQuotes(body)}`;
  return { code, request: { path, body } };
}

/**
 * @param {Record<string, string>} words
 * @param {string} resource
 * @returns {string | undefined}
 */
function wordFor(words, resource) {
  return words[resource];
}

/** @param {string} json */
function literalOf(json) {
  return PYTHON_WORDS[json] ?? json;
}
