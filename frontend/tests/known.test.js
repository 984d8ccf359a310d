import assert from "node:assert/strict";
import { test } from "node:test";
import { knownOf, learned, pickedOf, relisted } from "../known/state.js";
import { ordersOf, rangeText, rowText, truthText } from "../known/words.js";
import { factsOf, OUTPUT, predictionOf } from "./facts.js";

const RENT = { task: "regression", name: "rent", label: "Rent", unit: "bikes", decimals: 0 };
const FLATS = factsOf({ signature: { inputs: [], output: RENT } });
const ANIMALS = factsOf({ signature: { inputs: [], output: OUTPUT } });

/**
 * @param {object} [more]
 * @returns {any} a kept row
 */
const rowOf = (more = {}) => ({ place: 0, inputs: {}, error: null, uncertainty: null, ...more });

test("a picked row is known as long as the form holds its inputs", () => {
  const row = rowOf({ outcome: 1 });
  const state = /** @type {any} */ ({ draft: { a: "1" }, panels: {} });
  const picked = learned(state, { picked: { row, draft: { a: "1" } } });
  assert.equal(pickedOf(picked), row);
  assert.equal(pickedOf({ ...picked, draft: { a: "2" } }), null);
  assert.equal(pickedOf(state), null);
});

test("another order begins with the first page, and the next page keeps the order", () => {
  const { listing } = knownOf(/** @type {any} */ ({ panels: {} }));
  const second = relisted(listing, { offset: 8 });
  assert.deepEqual([second.sort, second.offset], ["error", 8]);
  assert.equal(relisted(second, { sort: "uncertainty" }).offset, 0);
});

test("classes are ordered by how wrong and how sure, numbers by their outcome too", () => {
  const sorts = (/** @type {any} */ facts) => ordersOf(facts).map(({ sort }) => sort);
  assert.deepEqual(sorts(ANIMALS), ["error", "error", "uncertainty", "uncertainty"]);
  assert.deepEqual(sorts(FLATS), ["error", "error", "outcome", "outcome"]);
});

test("a row says its outcome and how far the model was off", () => {
  const wrong = rowText(ANIMALS, rowOf({ outcome: "dog", prediction: "cat" }));
  assert.deepEqual(wrong, { truth: "Dog", words: "predicted: “Cat”", isWrong: true });
  const off = rowText(FLATS, rowOf({ outcome: 100, prediction: 88, error: -12 }));
  assert.deepEqual(off, { truth: "100 bikes", words: "predicted: 88 bikes (−12)", isWrong: false });
});

test("the truth says how far the answer is off, and whether its interval holds it", () => {
  const prediction = predictionOf({
    prediction: 120,
    interval: { low: 110, high: 130, coverage: 0.9 },
  });
  const { truth, words, isWrong } = truthText(FLATS, prediction, rowOf({ outcome: 100 }));
  assert.equal(truth, "100 bikes");
  assert.deepEqual(words, [
    "The answer is 20 bikes higher.",
    "Its 90% interval does not hold the true outcome.",
  ]);
  assert.ok(isWrong);
});

test("the truth of a class says whether the answer is right", () => {
  const set = { classes: ["cat", "dog"], coverage: 0.9 };
  const right = truthText(ANIMALS, predictionOf(), rowOf({ outcome: "cat" }));
  assert.deepEqual(right.words, ["The answer is right."]);
  const wrong = truthText(
    ANIMALS,
    predictionOf({ prediction_set: set }),
    rowOf({ outcome: "dog" }),
  );
  assert.deepEqual(wrong.words, [
    "The answer is wrong.",
    "Its 90% prediction set holds the true outcome.",
  ]);
});

test("a page says which rows it has", () => {
  const known = { ...knownOf(/** @type {any} */ ({ panels: {} })), total: 120 };
  const rows = Array.from({ length: 8 }, () => rowOf());
  assert.equal(rangeText({ ...known, rows }, 8), "1 to 8 of 120");
  assert.equal(rangeText({ ...known, total: 0, rows: [] }, 8), "No rows.");
});
