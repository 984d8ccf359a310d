import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, changed, closed, historyOf, redone, undone } from "../history/state.js";
import { resetText, stepText } from "../history/words.js";
import { factsOf, inputOf } from "./facts.js";

/** @param {Record<string, string | null>} draft */
const formOf = (draft) => begun(/** @type {any} */ ({ draft, panels: {} }));

/**
 * @param {any} state
 * @param {Record<string, string | null>} draft
 * @param {string | null} [name]
 */
const filled = (state, draft, name = null) => changed({ ...state, draft }, name);
const present = (/** @type {any} */ state) => historyOf(state)?.present;

test("what is typed into one input is one step", () => {
  let state = formOf({ a: "" });
  for (const a of ["1", "12", "123"]) state = filled(state, { a }, "a");
  assert.deepEqual(present(undone(state)), { a: "" });
  assert.deepEqual(present(redone(undone(state))), { a: "123" });
});

test("another input, a complete value and a filled form are steps of their own", () => {
  let state = filled(formOf({ a: "1", b: "1" }), { a: "2", b: "1" }, "a");
  state = filled(state, { a: "2", b: "2" }, "b");
  state = filled(closed(state), { a: "2", b: "3" }, "b");
  state = filled(state, { a: "9", b: "9" });
  const steps = [];
  while (historyOf(state)?.past.length) {
    state = undone(state);
    steps.push(present(state));
  }
  assert.deepEqual(steps, [
    { a: "2", b: "3" },
    { a: "2", b: "2" },
    { a: "2", b: "1" },
    { a: "1", b: "1" },
  ]);
  assert.equal(undone(state), state);
});

test("a new change forgets what could be redone", () => {
  const state = filled(undone(filled(formOf({ a: "1" }), { a: "2" })), { a: "3" });
  assert.equal(historyOf(state)?.future.length, 0);
  assert.equal(redone(state), state);
});

test("a value typed back to what it was leaves no step", () => {
  const state = filled(filled(formOf({ a: "1" }), { a: "12" }, "a"), { a: "1" }, "a");
  assert.equal(historyOf(state)?.past.length, 0);
});

test("a form that its address changed can go back to what it held", () => {
  const state = begun({ ...formOf({ a: "1" }), draft: { a: "2" } });
  assert.deepEqual(present(undone(state)), { a: "1" });
});

test("a step names its input, or how many there are", () => {
  const inputs = [inputOf("number", { name: "a", label: "Age" }), inputOf("text", { name: "b" })];
  const facts = factsOf({ signature: { inputs } });
  assert.equal(stepText(facts, { a: "1" }, { a: "2", b: "" }), "Age");
  assert.equal(stepText(facts, { a: "1" }, { a: null, b: "x" }), "2 inputs");
  assert.equal(stepText(facts, {}, undefined), "");
});

test("a reset says what the input will hold", () => {
  const age = inputOf("number", { label: "Age", typical: 37, unit: "years" });
  assert.equal(resetText(age), "Reset Age to 37 years");
  const unknown = inputOf("text", { label: "Job", missing_allowed: true });
  assert.equal(resetText(unknown), "Reset Job to not known");
});
