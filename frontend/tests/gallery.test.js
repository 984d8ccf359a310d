import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyModel } from "../gallery/state.js";
import { factsText } from "../gallery/words.js";
import { countText, isSought } from "../gallery/search.js";

const MODEL = { name: "petrol", title: "Pétrol consumption", summary: "Gallons per person" };

test("a search finds models by all of its words, whatever their case and accents", () => {
  for (const sought of ["", "PETROL", "petrol gallons", "  person   cons ", "pétrol"]) {
    assert.ok(isSought(MODEL, sought), sought);
  }
  for (const sought of ["diesel", "petrol diesel"]) assert.ok(!isSought(MODEL, sought), sought);
});

test("how many models were found is said in words", () => {
  assert.equal(countText(12, 12, ""), "12 models");
  assert.equal(countText(3, 1200, "x"), "3 of 1,200 models");
  assert.equal(countText(0, 12, " xyz "), "No model matches “xyz”.");
});

test("a tile has the main metric, where one was measured, and the version", () => {
  const metric = { label: "ROC-AUC", value: 0.88672, unit: null };
  const summary = /** @type {any} */ ({ version: "3", metric });
  assert.equal(factsText(summary), "ROC-AUC 0.887 · Version 3");
  assert.equal(factsText({ ...summary, metric: null }), "Version 3");
});

test("a server has an only model where there is no other, not even a broken one", () => {
  const one = /** @type {any} */ ({ models: [{ name: "a" }], broken: [] });
  assert.equal(onlyModel(one), "a");
  assert.equal(onlyModel({ ...one, broken: [{ name: "b" }] }), null);
  assert.equal(onlyModel({ ...one, models: [] }), null);
  assert.equal(onlyModel(null), null);
});
