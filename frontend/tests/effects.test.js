import assert from "node:assert/strict";
import { test } from "node:test";
import { changeText, directionOf } from "../insight/measure.js";
import { effectsOf } from "../insight/state.js";

const POINTS = /** @type {any} */ ({
  size: (/** @type {number} */ value) => `${(100 * Math.abs(value)).toFixed(1)} percentage points`,
});

test("a change that is shown as 0.0 has no direction", () => {
  assert.equal(directionOf(POINTS, 0.0004), "none");
  assert.equal(changeText(POINTS, -0.0004), "does not change it");
  assert.equal(directionOf(POINTS, -0.02), "down");
  assert.equal(changeText(POINTS, 0.02), "raises it by 2.0 percentage points");
});

test("what is only the noise of adding is no effect", () => {
  const rows = [0.2, -3e-17, 0].map((contribution) => ({ contribution }));
  const explanation = /** @type {any} */ ({ base: 0.5, prediction: 0.7, contributions: rows });
  assert.deepEqual(
    effectsOf(explanation).map(({ contribution }) => contribution),
    [0.2, 0, 0],
  );
});
