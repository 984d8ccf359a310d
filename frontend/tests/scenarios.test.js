import assert from "node:assert/strict";
import { test } from "node:test";
import { differing, knownOf, learned, moved, nameOf, renamed } from "../scenarios/state.js";
import { doubtText, doubtTitle, differenceText, scenariosCsv } from "../scenarios/words.js";

const KEPT = ["a", "b", "c"].map((name) => ({ name, draft: { x: name } }));
const names = (/** @type {{name: string}[]} */ kept) => kept.map(({ name }) => name).join("");

test("a kept question moves up and down, and nowhere from the ends", () => {
  assert.equal(names(moved(KEPT, 0, 1)), "bac");
  assert.equal(names(moved(KEPT, 2, -1)), "acb");
  assert.equal(names(moved(KEPT, 2, 1)), "abc");
  assert.equal(names(moved(KEPT, 7, 1)), "abc");
});

test("a name is kept without its blanks, and none is one by its place", () => {
  const named = renamed(KEPT, 1, "  Hot day ");
  assert.equal(nameOf(named, 1), "Hot day");
  assert.equal(nameOf(renamed(KEPT, 1, "  "), 1), "Scenario 2");
});

test("an answer belongs to what was typed, in whatever order", () => {
  const state = /** @type {any} */ ({ panels: {} });
  const after = learned(state, { draft: { a: "1", b: "", c: null }, change: { status: "ready" } });
  assert.equal(knownOf(after, { c: null, a: "1" }).status, "ready");
  assert.equal(knownOf(after, { c: "", a: "1" }).status, "asking");
});

test("an input that is empty in one and missing in another is the same", () => {
  const inputs = /** @type {any} */ ([{ name: "a" }, { name: "b" }, { name: "constructor" }]);
  assert.deepEqual(
    differing(inputs, [{ a: "1", b: "" }, { a: "2" }]).map(({ name }) => name),
    ["a"],
  );
});

const FACTS = /** @type {any} */ ({
  signature: {
    inputs: [{ name: "a" }, { name: "b,c" }],
    output: { task: "regression", label: "Rent", unit: "bikes", decimals: 0 },
  },
});

test("an interval and a difference have the digits of their output", () => {
  const prediction = /** @type {any} */ ({
    prediction: 10.4,
    interval: { low: 5.2, high: 30.9, coverage: 0.9 },
  });
  assert.equal(doubtTitle([prediction]), "90% interval");
  assert.equal(doubtText(FACTS, prediction), "5 to 31");
  const other = /** @type {any} */ ({ prediction: 40.4 });
  assert.equal(differenceText(FACTS, prediction, other), "\u221230 bikes");
  assert.equal(differenceText(FACTS, other, other), "none");
});

test("a table of scenarios has every input, quoted where it must be", () => {
  const rows = /** @type {any} */ ([
    { name: "=now", draft: { a: "1", "b,c": null }, prediction: { prediction: 2 } },
    { name: "Lost", draft: { a: 'x"y' }, prediction: null },
  ]);
  assert.equal(
    scenariosCsv(FACTS, rows),
    'scenario,a,"b,c",prediction\r\n\'=now,1,,2\r\nLost,"x""y",,\r\n',
  );
});
