import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, draftOf, instanceOf, typedText } from "../inputs/instance.js";
import { numberIn } from "../inputs/number-text.js";
import { beyond, reachOf, shareBelow, snapped, span, stepOf, stepped } from "../inputs/range.js";
import { typeOf } from "../inputs/types.js";
import { isBlank, isSame, typedIn } from "../lib/draft.js";
import { inputOf } from "./facts.js";

const NUMBER = inputOf("number");

/** The JSON text that is sent, or the fault. */
function read(input, typed) {
  const { members, faults } = instanceOf([input], { [input.name]: typed });
  return members[0]?.[1] ?? faults[0];
}

test("a number is sent digit by digit as it was typed", () => {
  for (const [typed, json] of [
    ["39", "39"],
    [" 39.50 ", "39.50"],
    ["+.5", "0.5"],
    ["-007.10", "-7.10"],
    ["1e3", "1e3"],
    ["1E-300", "1e-300"],
    ["12345678901234567890.123456789", "12345678901234567890.123456789"],
    ["5.", "5"],
    ["0.0", "0.0"],
  ]) {
    assert.equal(read(NUMBER, typed), json, typed);
    assert.equal(typeof JSON.parse(json), "number");
  }
});

test("a number is read as people write it, where that can only be one number", () => {
  const celsius = inputOf("number", { unit: "°C" });
  for (const [typed, json] of [
    ["24,5", "24.5"],
    ["0,125", "0.125"],
    ["1 000", "1000"],
    ["12\u202f345,5", "12345.5"],
    ["1.234,5", "1234.5"],
    ["1,234.5", "1234.5"],
    ["1,000,000", "1000000"],
    ["1'234", "1234"],
    ["\u22125", "-5"],
    ["24 °C", "24"],
    ["24°c", "24"],
    ["1.234", "1.234"],
  ]) {
    assert.equal(read(celsius, typed), json, typed);
  }
  assert.equal(read(inputOf("integer"), "1,234"), "1234");
});

test("a number that can be read in two ways is asked about", () => {
  const fault = read(NUMBER, "1,234");
  assert.equal(fault.detail, "“1,234” can be read in two ways.");
  assert.deepEqual(fault.fixes, ["1.234", "1234"]);
  assert.deepEqual(read(inputOf("integer"), "1.234").fixes, ["1.234", "1234"]);
  assert.ok(Number.isNaN(numberIn(NUMBER, "1,234")));
});

test("a text that is no number is a fault, for box, slider and curve alike", () => {
  for (const typed of ["NaN", "Infinity", "0x10", "--1", ".", "e5", "1 23", "1,23,456", "5 kg"]) {
    assert.equal(read(NUMBER, typed).code, "not-a-number", typed);
    assert.equal(read(NUMBER, typed).fixes, undefined);
    assert.ok(Number.isNaN(numberIn(NUMBER, typed)), typed);
  }
});

test("whether a number fits, the server says", () => {
  const integer = inputOf("integer", { minimum: 17, maximum: 90 });
  assert.equal(read(integer, "39.5"), "39.5");
  assert.equal(read(integer, "1000"), "1000");
});

test("a value that is not there is missing, and one that is not known is null where it may be", () => {
  for (const typed of [undefined, "", "  ", null])
    assert.equal(read(NUMBER, typed).code, "missing");
  const optional = inputOf("number", { missing_allowed: true });
  assert.equal(read(optional, null), "null");
  assert.equal(read(optional, "").code, "missing");
});

test("a category is sent with the type of its value", () => {
  const input = inputOf("category", {
    categories: [
      { value: 2, label: "Two", count: null },
      { value: "2b", label: "Two b", count: 1 },
    ],
  });
  assert.equal(read(input, "2"), "2");
  assert.equal(read(input, "2b"), '"2b"');
  assert.equal(read(input, "never seen"), '"never seen"');
  assert.equal(typedText(input, "2"), "Two");
});

test("a boolean is sent as one, and anything else as it was typed", () => {
  const input = inputOf("boolean");
  assert.equal(read(input, "true"), "true");
  assert.equal(read(input, "false"), "false");
  assert.equal(read(input, "maybe"), '"maybe"');
  assert.equal(typedText(input, "true"), "yes");
});

test("a text, a date and a type that the page does not know are sent as text", () => {
  for (const type of ["text", "date", "datetime", "time-of-day", "constructor"]) {
    assert.equal(read(inputOf(type), ' "12:30"\n'), JSON.stringify(' "12:30"\n'), type);
  }
  assert.equal(typeOf({ type: "time-of-day" }).curve, null);
});

test("a typed value is shown with its unit", () => {
  assert.equal(typedText(inputOf("number", { unit: "years" }), "39"), "39 years");
  assert.equal(typedText(NUMBER, null), "not known");
});

test("an input may have the name of what every object has", () => {
  assert.equal(typedIn({}, "constructor"), undefined);
  const { faults } = instanceOf([inputOf("text", { name: "constructor" })], {});
  assert.equal(faults[0].code, "missing");
  assert.deepEqual(draftOf([inputOf("text", { name: "toString" })], {}), {});
});

test("the body of a request names its inputs and what else is asked", () => {
  const body = bodyOf([['a "b"', "1.50"]], { target: { min: 3 } });
  assert.equal(body, '{"inputs": {"a \\"b\\"": 1.50}, "target": {"min":3}}');
});

test("an example becomes what a person would have typed", () => {
  const inputs = [NUMBER, inputOf("boolean", { name: "b", missing_allowed: true })];
  assert.deepEqual(draftOf(inputs, { number: 1e21, b: null }), { number: "1e+21", b: null });
});

test("two drafts ask the same where they differ in empty fields alone", () => {
  assert.ok(isSame({ a: "1", b: "" }, { a: "1" }));
  assert.ok(!isSame({ a: "1", b: null }, { a: "1" }));
  assert.ok(isBlank({ a: "", b: null }));
  assert.ok(!isBlank({ a: " " }));
});

test("a slider spans what training saw to the last digit, and stops at whole steps between", () => {
  const input = inputOf("number", { training_stats: { minimum: 17.2, maximum: 89.9 }, step: 5 });
  const range = span(input);
  assert.deepEqual(range, { low: 17.2, high: 89.9, about: { low: false, high: false } });
  for (const [value, stop] of [
    [17.2, 17.2],
    [18, 20],
    [51.9, 50],
    [89, 89.9],
    [89.9, 89.9],
  ]) {
    assert.equal(snapped(input, range, value), stop);
  }
  const tenths = inputOf("number", { training_stats: { minimum: 0, maximum: 1 }, step: 0.1 });
  assert.equal(snapped(tenths, span(tenths), 0.31), 0.3);
});

test("without training, a slider spans where most values lie, within the hard limits", () => {
  const input = inputOf("number", { approximate_range: [-10, 10], minimum: 0 });
  assert.deepEqual(span(input), { low: 0, high: 10, about: { low: false, high: true } });
  assert.equal(span(inputOf("number")), null);
  assert.equal(span(inputOf("number", { training_stats: { minimum: 3, maximum: 3 } })), null);
});

test("an arrow key steps the number itself, within the hard limits", () => {
  const input = inputOf("number", { minimum: 0, maximum: 46.2 });
  assert.equal(stepped(input, 45, 1), 46);
  assert.equal(stepped(input, 45.7, 1), 46.2);
  assert.equal(stepped(input, 0.1, 0.2), 0.3);
  assert.equal(stepped(input, 0, -1), 0);
});

test("a step is the card's, a whole number's, or a round hundredth of the range", () => {
  assert.equal(stepOf(inputOf("number", { step: 0.25 }), { low: 0, high: 1 }), 0.25);
  assert.equal(stepOf(inputOf("integer"), { low: 0, high: 1000 }), 1);
  assert.equal(stepOf(NUMBER, { low: 0, high: 80 }), 0.1);
});

test("a value beyond a slider is beyond one of its ends", () => {
  assert.equal(beyond({ low: 0, high: 1 }, -1), "low");
  assert.equal(beyond({ low: 0, high: 1 }, 2), "high");
  assert.equal(beyond({ low: 0, high: 1 }, 1), null);
});

test("the share of training values below is even within a bar", () => {
  const histogram = { edges: [0, 10, 20], counts: [30, 10] };
  assert.equal(shareBelow(histogram, 5), 0.375);
  assert.equal(shareBelow(histogram, -1), 0);
  assert.equal(shareBelow(histogram, 99), 1);
  assert.equal(shareBelow({ edges: [], counts: [] }, 1), 0);
});

test("a scale around 0 reaches to a round number", () => {
  assert.deepEqual([[0.3, -1.2], [0], [45], []].map(reachOf), [2, 1, 50, 1]);
});
