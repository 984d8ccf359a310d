import assert from "node:assert/strict";
import { test } from "node:test";
import {
  differing,
  knownOf,
  learned,
  moved,
  nameOf,
  renamed,
  toggled,
} from "../scenarios/state.js";
import { doubtText, doubtTitle, differenceText, scenariosCsv } from "../scenarios/words.js";

const KEPT = ["a", "b", "c"].map((name) => ({ name, draft: { x: name } }));
const names = (/** @type {{name: string}[]} */ kept) => kept.map(({ name }) => name).join("");

test("a kept question moves up and down, and nowhere from the ends", () => {
  assert.equal(names(moved(KEPT, 0, 1)), "bac");
  assert.equal(names(moved(KEPT, 2, -1)), "acb");
  assert.equal(names(moved(KEPT, 2, 1)), "abc");
  assert.equal(names(moved(KEPT, 7, 1)), "abc");
});

test("a name is kept without its blanks, and a blank one changes nothing", () => {
  const named = renamed(KEPT, 1, "  Hot day ");
  assert.equal(nameOf(named, 1), "Hot day");
  assert.equal(nameOf(renamed(KEPT, 1, "  "), 1), "b");
  assert.equal(nameOf([{ name: "", draft: {} }], 0), "Scenario 1");
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
    inputs: [
      { name: "a", label: "a" },
      { name: "b,c", label: "b,c" },
    ],
    output: { task: "regression", label: "Rent", unit: "bikes", decimals: 0 },
  },
});

test("an interval and a difference have the digits of their output", () => {
  const prediction = /** @type {any} */ ({
    prediction: 10.4,
    warnings: [],
    interval: { low: 5.2, high: 30.9, coverage: 0.9 },
  });
  assert.equal(doubtTitle([prediction]), "90% interval");
  assert.equal(doubtText(FACTS, prediction), "5 to 31");
  const other = /** @type {any} */ ({ prediction: 40.4, warnings: [] });
  assert.equal(differenceText(FACTS, prediction, other), "\u221230 bikes");
  assert.equal(differenceText(FACTS, other, other), "none");
});

test("a table of scenarios has every input, quoted where it must be", () => {
  const rows = /** @type {any} */ ([
    {
      name: "=now",
      draft: { a: "1", "b,c": null },
      prediction: {
        prediction: 2,
        warnings: [{ input: "a", code: "out-of-range", detail: "Seen in training: 2 to 3." }],
      },
      detail: "",
    },
    { name: "Lost", draft: { a: 'x"y' }, prediction: null, detail: "a: Expected a number." },
  ]);
  const [header, first, second] = scenariosCsv(FACTS, rows).split("\r\n");
  assert.equal(header, 'scenario,a,"b,c",prediction,warnings,error');
  assert.match(first ?? "", /^'=now,1,,2,a: .*Seen in training: 2 to 3\.,$/);
  assert.equal(second, 'Lost,"x""y",,,,a: Expected a number.');
});

test("a question is kept once, under a name that no other has", () => {
  const [second] = toggled([{ name: "Scenario 2", draft: { x: "1" } }], { x: "2" }).slice(1);
  assert.equal(second?.name, "Scenario 1");
  const kept = [1, 2].map((at) => ({ name: `Scenario ${at}`, draft: { x: `${at}` } }));
  assert.deepEqual(toggled(kept, { x: "1", y: "" }), kept.slice(1));
  assert.equal(toggled(kept, { x: "3" }).at(-1)?.name, "Scenario 3");
});
