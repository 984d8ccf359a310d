import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, askedOf, isAlike, missingInputs } from "../compare/state.js";
import { differenceTexts, missingText, nameOf } from "../compare/words.js";
import { factsOf, inputOf, OUTPUT, predictionOf } from "./facts.js";

const RENT = { task: "regression", name: "rent", label: "Rent", unit: "bikes", decimals: 0 };

/**
 * @param {any} output
 * @param {any} prediction
 * @param {object} [more]
 */
const answered = (output, prediction, more = {}) => ({
  facts: factsOf({ signature: { inputs: [], output }, ...more }),
  prediction: predictionOf(prediction),
});

test("a part of the address names a model and a version", () => {
  assert.deepEqual(askedOf("income@2"), { name: "income", version: "2" });
  assert.deepEqual(askedOf("income"), { name: "income", version: null });
});

test("an input is missing where its name or its type differs", () => {
  const present = [inputOf("number", { name: "a", label: "A" }), inputOf("text", { name: "b" })];
  const wanted = [
    inputOf("number", { name: "a" }),
    inputOf("number", { name: "b", label: "B" }),
    inputOf("date", { name: "c", label: "C" }),
  ];
  const missing = missingInputs(present, wanted);
  assert.deepEqual(
    missing.map(({ name }) => name),
    ["b", "c"],
  );
  assert.equal(
    missingText("Other", missing, present),
    "“Other” needs inputs that this model does not have: C. “Other” has inputs of another type: B.",
  );
});

test("answers are alike in the same unit or with the same classes", () => {
  const output = /** @type {any} */ (OUTPUT);
  assert.ok(isAlike(output, { ...output, classes: output.classes.toReversed() }));
  assert.ok(!isAlike(output, { ...output, classes: output.classes.slice(1) }));
  assert.ok(!isAlike(/** @type {any} */ (RENT), /** @type {any} */ ({ ...RENT, unit: "cars" })));
});

test("a difference is their number less ours, or that of the class that is ours", () => {
  const numbers = [12, 10].map((prediction) => ({
    output: /** @type {any} */ (RENT),
    prediction: /** @type {any} */ (predictionOf({ prediction })),
  }));
  assert.equal(apart(/** @type {any} */ (numbers[0]), /** @type {any} */ (numbers[1])), 2);
});

test("two numbers say which is more, and whether their intervals overlap", () => {
  const interval = { low: 5, high: 20, coverage: 0.9 };
  const ours = answered(RENT, { prediction: 10.4, interval });
  const other = { prediction: 40.4, interval: { low: 30, high: 50, coverage: 0.9 } };
  assert.deepEqual(differenceTexts(ours, answered(RENT, other, { version: "2" })), [
    "Version 2 predicts 30 bikes more.",
    "Their 90% intervals do not overlap.",
  ]);
  assert.deepEqual(differenceTexts(ours, ours), [
    "Both predict the same.",
    "Their 90% intervals overlap.",
  ]);
});

test("two classes say whether they are the same, and how their probability differs", () => {
  const likely = (/** @type {number} */ cat) => ({
    probabilities: [
      { class: "cat", label: "Cat", probability: cat },
      { class: "dog", label: "Dog", probability: 1 - cat },
    ],
  });
  const ours = answered(OUTPUT, likely(0.8));
  const dog = { prediction: "dog", label: "Dog", ...likely(0.3) };
  assert.deepEqual(differenceTexts(ours, answered(OUTPUT, dog, { name: "b", title: "Pets" })), [
    "The answers differ: “Cat” and “Dog”.",
    "The probability of “Cat” is 50.0 percentage points lower in Pets.",
  ]);
  assert.deepEqual(differenceTexts(ours, answered(RENT, { prediction: 1 })), [
    "They answer in different units or classes, so there is no difference to show.",
  ]);
});

test("a version is named by its number, another model by its title", () => {
  assert.equal(nameOf(factsOf(), factsOf({ version: "2" })), "Version 1");
  assert.equal(nameOf(factsOf(), factsOf({ name: "b" })), "Animals");
});
