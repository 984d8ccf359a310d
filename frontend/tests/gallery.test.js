import assert from "node:assert/strict";
import { test } from "node:test";
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
