import assert from "node:assert/strict";
import { test } from "node:test";
import { differing, figuresText, predictedText } from "../nearest/words.js";
import { factsOf, inputOf, OUTPUT } from "./facts.js";

const RIGHT = { rows: 50, right: 41, share: 0.82, low: 0.69, high: 0.9 };
const HELD = { rows: 50, held: 46, share: 0.92, low: 0.8, high: 0.97 };
const NEAR = { rows: 50, reliability: RIGHT, error: null, bias: null, held: HELD };
const ALL = { ...NEAR, rows: 1000, reliability: { ...RIGHT, share: 0.9 } };
const BOUNDS = { is_close: true, rows: [], compared: [] };

test("classes come with how many near rows were right, and how many of all", () => {
  const facts = factsOf({
    uncertainty: { interval: null, prediction_set: 0.9, reliability: false },
  });
  assert.deepEqual(figuresText(facts, { ...BOUNDS, near: NEAR, all: ALL }), [
    "Of the 50 measured rows nearest to these inputs, 41 were predicted correctly: 82% (95% interval: 69% to 90%). Of all 1,000 kept rows, it is 90%.",
    "The 90% prediction set held the outcome of 46 of 50.",
  ]);
});

test("numbers come with the error, and its direction only where it is sure", () => {
  const output = { task: "regression", name: "n", label: "Bikes", unit: "bikes", decimals: 0 };
  const facts = factsOf({
    signature: { inputs: [], output },
    uncertainty: { interval: 0.9, prediction_set: null, reliability: false },
  });
  const error = { value: 500, low: 400, high: 600 };
  const one = { ...NEAR, reliability: null, error, bias: { value: -50, low: -120, high: 20 } };
  const off =
    "On the 50 measured rows nearest to these inputs, predictions were off by 500 bikes on average (95% interval: 400 to 600). On all 50 kept rows, it is 500.";
  const held = "The 90% interval held the outcome of 46 of 50.";
  assert.deepEqual(figuresText(facts, { ...BOUNDS, near: one, all: one }), [off, held]);
  const high = { ...one, bias: { value: 300, low: 200, high: 400 } };
  assert.deepEqual(figuresText(facts, { ...BOUNDS, near: high, all: one }), [
    `${off} Near these inputs they were too high, by 300 bikes on average.`,
    held,
  ]);
});

test("nothing is stated where no row is close, or too few are kept", () => {
  const far = { ...BOUNDS, is_close: false, near: null, all: ALL };
  assert.match(figuresText(factsOf(), far)[0] ?? "", /^No measured row is close/);
  const few = { ...BOUNDS, near: null, all: { ...ALL, rows: 30 } };
  assert.match(figuresText(factsOf(), few)[0] ?? "", /^Only 30 rows are kept/);
});

test("a row names the inputs that it has otherwise, whatever was typed for them", () => {
  const inputs = [inputOf("number"), inputOf("category"), inputOf("boolean")];
  const row = {
    inputs: { number: 4, category: null, boolean: true },
    outcome: "cat",
    prediction: "dog",
    distance: 1,
  };
  assert.deepEqual(differing(inputs, row, { number: "4.0", category: "", boolean: "true" }), []);
  assert.deepEqual(
    differing(inputs, row, { number: "5", category: "red", boolean: "true" }),
    inputs.slice(0, 2),
  );
  assert.deepEqual(predictedText(/** @type {any} */ (OUTPUT), row), {
    words: "predicted: “Dog”",
    isRight: false,
  });
});
