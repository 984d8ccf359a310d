import assert from "node:assert/strict";
import { test } from "node:test";
import { pastedRow, recordsOf } from "../inputs/paste.js";
import { looksLikeRow } from "../inputs/row-text.js";
import { inputOf } from "./facts.js";

const INPUTS = [
  inputOf("number", { name: "height", label: "Height" }),
  inputOf("number", { name: "weight", label: "Weight" }),
];

test("a row fills the form by its names, or in the form's order", () => {
  for (const text of [
    "Height\tWeight\n70\t40",
    "weight,height\n40,70",
    "WEIGHT;height\r\n40;70\r\n",
    JSON.stringify({ inputs: { height: 70, weight: 40 } }),
    JSON.stringify({ instances: [{ height: 70, weight: 40 }] }),
    "70;40",
    '"70","40"',
  ]) {
    const { draft, notice } = pastedRow(text, INPUTS);
    assert.deepEqual(draft, { height: "70", weight: "40" }, text);
    assert.equal(notice, "Row filled in: Height 70, Weight 40.");
  }
});

test("what a row holds beside the inputs is stated", () => {
  const { draft, notice } = pastedRow("height,name\n70,Tom", INPUTS);
  assert.deepEqual(draft, { height: "70" });
  assert.equal(
    notice,
    "Row filled in: Height 70. Not in it: Weight. Not an input, left out: name.",
  );
});

test("of several rows the first is filled in", () => {
  assert.equal(
    pastedRow("1,2\n3,4", INPUTS).notice,
    "First of 2 rows filled in: Height 1, Weight 2.",
  );
});

test("every digit of a number in JSON is kept", () => {
  assert.equal(pastedRow('{"height": 70.50, "weight": 1e400}', INPUTS).draft.height, "70.50");
  assert.equal(pastedRow('{"height": 70.50, "weight": 1e400}', INPUTS).draft.weight, "1e400");
});

test("what fits nothing fills nothing in, and it is said why", () => {
  for (const [text, reason] of [
    ["{", /JSON/],
    ["1,2,3", /expected 2 values/],
    ['{"age": 1}', /no name in it is an input/],
  ]) {
    const { draft, notice } = pastedRow(text, INPUTS);
    assert.equal(draft, null);
    assert.match(notice, reason);
  }
});

test("names and categories match as in a table: by name or label, without case and punctuation", () => {
  const inputs = [
    inputOf("category", {
      name: "workclass",
      label: "Kind of work",
      categories: [
        { value: "Private", label: "Private company", count: 9 },
        { value: "Self-emp", label: "Self-employed", count: 1 },
      ],
    }),
    inputOf("number", { name: "hours_per_week", label: "Hours a week" }),
  ];
  for (const text of [
    "workclass,hours_per_week\nSelf-emp,40",
    "Kind of work\tHours a week\nSelf-employed\t40",
    "kindofwork;HoursPerWeek\nself employed;40",
  ]) {
    const { draft } = pastedRow(text, inputs);
    assert.deepEqual(draft, { workclass: "Self-emp", hours_per_week: "40" }, text);
  }
  assert.equal(pastedRow("workclass\nUnheard of", inputs).draft.workclass, "Unheard of");
});

test("capitals of a name may be more letters than it has", () => {
  const street = [inputOf("text", { name: "Straße" }), inputOf("text", { name: "town" })];
  assert.equal(pastedRow("STRASSE,town\nHof 1,Bonn", street).draft["Straße"], "Hof 1");
});

test("a name that reads like two inputs is not guessed", () => {
  const inputs = ["Size (cm)", "size-cm"].map((name) => inputOf("number", { name, label: name }));
  assert.equal(pastedRow("SIZE CM\n3", inputs).draft, null);
});

test("a model with one input takes the whole text", () => {
  const question = [inputOf("text", { name: "question" })];
  assert.deepEqual(pastedRow("Why, oh why?", question).draft, { question: "Why, oh why?" });
});

test("cells in quotes hold separators, line breaks and quotes", () => {
  assert.deepEqual(recordsOf('a,"b, ""c""\nd"\n\n1,2', ","), [
    ["a", 'b, "c"\nd'],
    ["1", "2"],
  ]);
  assert.deepEqual(recordsOf('a "stray, quote', ","), [['a "stray', "quote"]]);
});

test("a text pasted anywhere is taken for a row only if it looks like one", () => {
  for (const text of ["a\tb", "a,b,c", "[1]", '{"a": 1}', "a\nb"])
    assert.ok(looksLikeRow(text), text);
  for (const text of ["39", "Hello, you", "3,5", "1,234,567", "1.234.567,8"])
    assert.ok(!looksLikeRow(text), text);
});
