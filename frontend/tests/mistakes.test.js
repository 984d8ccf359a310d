import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesOf } from "../about/mistakes.js";

test("the most frequent mistakes come first, and what is right is none", () => {
  const classes = ["a", "b", "c"];
  const counts = [
    [8, 2, 0],
    [0, 5, 5],
    [0, 0, 0],
  ];
  assert.deepEqual(mistakesOf({ classes, counts }), [
    { actual: "b", predicted: "c", rows: 5, total: 10 },
    { actual: "a", predicted: "b", rows: 2, total: 10 },
  ]);
});
