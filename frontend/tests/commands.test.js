import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, lineOf, publishCommand, tryCommand } from "../add/publish-form.js";
import { otherClients } from "../code/client-snippets.js";
import { tokensOf } from "../code/highlight.js";
import { questionsOf, snippets } from "../code/snippets.js";
import { inQuotes, pathWord, word } from "../lib/posix.js";
import { factsOf, inputOf } from "./facts.js";

const SERVER = { getAttribute: () => "http://127.0.0.1:8000/" };
globalThis.document = /** @type {any} */ ({ querySelector: () => SERVER });
globalThis.location = /** @type {any} */ ({ href: "http://127.0.0.1:8000/#/models/a" });

const FORM = { file: "model.joblib", name: "my-model", data: "train.csv", target: "price" };

test("a word of the shell is in quotes only where it must be", () => {
  assert.equal(word("a-b_c/d.1"), "a-b_c/d.1");
  assert.equal(word("it's; rm"), "'it'\\''s; rm'");
  assert.equal(pathWord("-rf"), "./-rf");
  assert.equal(pathWord("~/my models/m.joblib"), "~/'my models/m.joblib'");
  assert.equal(inQuotes("a'b"), "'a'\\''b'");
});

test("the commands carry the reader's own names", () => {
  assert.equal(lineOf(tryCommand(FORM)), "servery serve model.joblib");
  assert.equal(
    lineOf(publishCommand({ ...FORM, name: "größe", data: "my rows.csv" })),
    "servery publish model.joblib --name 'größe' --data 'my rows.csv' --target price",
  );
  assert.equal(
    lineOf(publishCommand({ ...FORM, name: "", data: "" })),
    "servery publish model.joblib",
  );
});

test("a name that would not work is a fault of its field", () => {
  assert.deepEqual(faultsOf(FORM), {});
  assert.match(faultsOf({ ...FORM, file: "model.h5" }).file ?? "", /\.joblib/);
  for (const file of ["m.sav", "m.PKL", "m.pkl.gz", "m.onnx", "m.cbm", "m.ubj", "m.plan"]) {
    assert.deepEqual(faultsOf({ ...FORM, file }), {}, file);
  }
  for (const name of [".hidden", "a/b", "a@1", "x".repeat(101)]) {
    assert.ok(faultsOf({ ...FORM, name }).name, name);
  }
});

test("code asks for what a version can do, with an example that can be drawn", () => {
  const inputs = [inputOf("text"), inputOf("number")];
  const facts = factsOf({ capabilities: ["explanations", "curves", "counterfactuals", "batches"] });
  facts.signature = { ...facts.signature, inputs };
  assert.deepEqual(
    questionsOf(facts).map(({ resource, beside }) => [resource, beside]),
    [
      ["predictions", {}],
      ["explanations", {}],
      ["curves", { input: "number" }],
      ["counterfactuals", { target: "cow" }],
    ],
  );
  assert.equal(questionsOf(factsOf()).length, 1);
});

test("each language spells the same values in its own way", () => {
  /** @type {[string, string][]} */
  const members = [
    ["it's", "70.50"],
    ["known", "null"],
    ["smoker", "true"],
  ];
  const model = { name: "a", version: "1" };
  const question = { resource: /** @type {const} */ ("predictions"), beside: {} };
  const [curl, python, javascript] = snippets(model, members, question).map(({ code }) => code);
  assert.match(curl ?? "", /'http:\/\/127.0.0.1:8000\/api\/v1\/models\/a@1\/predictions'/);
  assert.match(curl ?? "", /"it'\\''s": 70.50/);
  assert.match(python ?? "", /"known": None,\n {4}"smoker": True/);
  assert.match(javascript ?? "", /"known": null/);
});

test("a whole number that JavaScript would round goes as text", () => {
  const question = { resource: /** @type {const} */ ("predictions"), beside: {} };
  const special = snippets({ name: "a", version: null }, [["__proto__", "1"]], question);
  assert.match(special[2]?.code ?? "", /body: "\{\\"inputs\\": \{\\"__proto__\\": 1\}\}"/);
  const large = snippets({ name: "a", version: null }, [["n", "9007199254740993"]], question);
  assert.match(large[2]?.code ?? "", /body: "\{\\"inputs\\": \{\\"n\\": 9007199254740993\}\}"/);
});

/**
 * @param {string} name
 * @param {string | null} version
 * @param {[string, string][]} members
 */
function clientsOf(name, version, members) {
  const question = { resource: /** @type {const} */ ("predictions"), beside: {} };
  const inputs = /** @type {any} */ (members.map(([each]) => ({ name: each, type: "number" })));
  const found = otherClients({ name, version }, members, question, inputs);
  return Object.fromEntries(found.map(({ language, code }) => [language, code]));
}

test("each client is shown only for what it can ask", () => {
  const all = ["Python client", "R", "KServe", "MLflow", "MCP"];
  assert.deepEqual(Object.keys(clientsOf("a", null, [["b", "1"]])), all);
  assert.deepEqual(Object.keys(clientsOf("a", "2", [["b", "1"]])), all.slice(0, 3));
  assert.deepEqual(Object.keys(clientsOf("模型", null, [["b", "1"]])), all.slice(0, 4));
  assert.deepEqual(Object.keys(clientsOf("a", null, [["target", "1"]])), all.slice(0, 4));
});

test("each tensor has the type of its value", () => {
  /** @type {[string, string, string][]} */
  const values = [
    ["39", "integer", "INT64"],
    ["39", "number", "FP64"],
    ["1.5", "category", "FP64"],
    ["true", "boolean", "BOOL"],
    ['"x"', "category", "BYTES"],
    ["null", "category", "BYTES"],
    ["null", "integer", "FP64"],
  ];
  for (const [json, type, datatype] of values) {
    const inputs = /** @type {any} */ ([{ name: "a", type }]);
    const question = { resource: /** @type {const} */ ("predictions"), beside: {} };
    const model = { name: "m", version: null };
    const found = otherClients(model, [["a", json]], question, inputs);
    const kserve = found.find(({ language }) => language === "KServe");
    const [tensor] = JSON.parse(kserve?.request.body ?? "").inputs;
    assert.equal(tensor.datatype, datatype, `${json} of ${type}`);
  }
});

test("code in colours is the same code", () => {
  const code = `# as it is\ncurl 'http://a/b1' \\\n  -d '{"a b": "say \\"2\\"", "n": -1.5e3, "ok": true}'`;
  const tokens = tokensOf(code);
  assert.equal(tokens.map(({ text }) => text).join(""), code);
  const kinds = Object.fromEntries(tokens.map(({ kind, text }) => [text, kind]));
  assert.equal(kinds["# as it is"], "comment");
  assert.equal(kinds.curl, "word");
  assert.equal(kinds['"a b"'], "name");
  assert.equal(kinds['"say \\"2\\""'], "string");
  assert.equal(kinds["-1.5e3"], "number");
  assert.equal(kinds.true, "word");
});

test("values are quoted as each client needs it", () => {
  const found = clientsOf("a", "2", [
    ["it's", "null"],
    ["text", JSON.stringify('a )" b')],
  ]);
  assert.match(found["Python client"] ?? "", /client\["a@2"\]\.predict\(inputs\)/);
  assert.match(found["Python client"] ?? "", /"it's": None/);
  assert.match(found.KServe ?? "", /\/v2\/models\/a\/versions\/2\/infer'/);
  assert.match(
    found.KServe ?? "",
    /"it'\\''s", "shape": \[1\], "datatype": "FP64", "data": \[null\]/,
  );
  assert.match(found.R ?? "", /r"\(\{/);
  assert.match(clientsOf("a", null, [['b)"', "1"]]).R ?? "", /r"\(\{/);
  assert.match(clientsOf("a", null, [[")", "1"]]).R ?? "", /r"-\(\{/);
});
