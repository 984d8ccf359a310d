import assert from "node:assert/strict";
import { test } from "node:test";
import * as about from "../about/words.js";
import { spokenText } from "../ask/spoken.js";
import * as common from "#words/common";
import * as headlines from "../ask/headlines.js";
import * as ask from "../ask/words.js";
import { brokenText, changesText, taskText } from "../gallery/words.js";
import { heightAt, largestFirst, withPresent } from "../insight/state.js";
import { measureOf, quantityOf, ticks, valueText } from "../insight/measure.js";
import * as format from "../lib/format.js";
import * as rates from "../lib/rates.js";
import { shareRange } from "../plots/share-range.js";
import { factsOf, inputOf, OUTPUT, predictionOf } from "./facts.js";

const probabilities = (/** @type {Record<string, number>} */ each) =>
  Object.entries(each).map(([name, probability]) => ({ class: name, label: name, probability }));

test("figures call classes by their labels, and leave other words alone", () => {
  const facts = factsOf();
  assert.equal(about.inLabels(facts, "Precision for dog"), "Precision for “Dog”");
  assert.equal(
    about.inLabels(facts, "80% of the rows predicted as dog were dog."),
    "80% of the rows predicted as “Dog” were “Dog”.",
  );
  const coded = factsOf();
  coded.signature = {
    ...coded.signature,
    output: { ...OUTPUT, classes: [{ value: 1, label: ">50K (a+b)" }] },
  };
  const words = "Mean over all; chance would give 0.5, and 1 is perfect.";
  assert.equal(about.inLabels(coded, words), words);
  assert.equal(about.inLabels(coded, "Recall for 1"), "Recall for “>50K (a+b)”");
});

test("a probability is never all or nothing", () => {
  assert.equal(format.percent(1), "> 99.9%");
  assert.equal(format.percent(0), "< 0.1%");
  assert.equal(format.percent(0.9231), "92.3%");
  assert.equal(format.whole(0.999), "99.9%");
  assert.equal(format.whole(1), "100%");
});

test("what a model was measured on is said once", () => {
  const given = "Measured on 150 held-out rows, given at publishing.";
  assert.equal(about.measuredText({ rows: 150, detail: given }), given);
  const folds = about.measuredText({ rows: 48, detail: "Each by a fit on the other 47." });
  assert.match(folds, /^Measured on 48 rows, .+ Each by a fit on the other 47\.$/);
});

test("a quantity has the decimals of the card, else six digits that matter", () => {
  assert.equal(format.quantity(4812.4, 0), "4,812");
  assert.equal(format.quantity(0.1 + 0.2, null), "0.3");
  assert.equal(format.fitting(1234.5678, null, 0.02), "1,234.5678");
  assert.equal(rates.signed(-1.234), "−1.23");
});

test("no digit before the decimal point is rounded away", () => {
  assert.equal(format.quantity(123456789.3, null), "123,456,789");
  assert.equal(format.quantity(1234566.9, null), "1,234,567");
  assert.equal(format.quantity(2999999999949999, null), "2,999,999,999,949,999");
  assert.equal(rates.signed(-123456.7), "−123,457");
  assert.equal(format.quantity(-65870.51, null, 4), "−65,871");
  assert.equal(format.quantity(1.90836, null, 4), "1.908");
});

test("a minus sign is one, and nothing has none", () => {
  assert.equal(format.quantity(-1.5, null), "−1.5");
  assert.equal(format.quantity(-0, null), "0");
  assert.equal(format.quantity(-0.02, 1), "0.0");
});

test("two numbers are compared with the digits of their difference", () => {
  const output = { task: "regression", name: "n", label: "Price", unit: "€", decimals: null };
  const { figure, difference } = quantityOf(output, 5.4);
  assert.equal(figure(123456789.3), "123,456,789.30 €");
  assert.equal(figure(123456794.7), "123,456,794.70 €");
  assert.equal(difference(5.4), "+5.40");
  assert.equal(format.fitting(124516084.99999999, null, 4e-8), "124,516,085.000");
  assert.equal(format.fitting(0, null, 0.5), "0.000");
});

test("the answer in one line has its probability or its unit", () => {
  const cat = predictionOf({ probabilities: probabilities({ cat: 0.8, dog: 0.2 }) });
  assert.equal(headlines.headline(OUTPUT, cat), "Cat, 80.0%");
  const output = { task: "regression", name: "n", label: "Bikes", unit: "bikes", decimals: 0 };
  assert.equal(headlines.headline(output, predictionOf({ prediction: 4812.4 })), "4,812 bikes");
});

test("a doubt leaves no firm verdict", () => {
  const warnings = [{ input: null, code: "unexpected-text", detail: "No question." }];
  const doubted = predictionOf({ warnings });
  assert.equal(headlines.headline(OUTPUT, doubted), "No verdict");
  assert.equal(headlines.headlineUndoubted(OUTPUT, doubted), "Cat");
});

test("of many outputs the first two are shown where there is room for one line", () => {
  const outputs = ["a", "b", "c", "d"].map((name) => ({ task: "regression", name, label: name }));
  const one = { prediction: 1, label: null };
  const prediction = predictionOf({ outputs: { a: one, b: one, c: one, d: one } });
  const output = { task: "multi-output", name: "", label: "", outputs };
  assert.equal(headlines.headlineShort(output, prediction), "a: 1; b: 1; and 2 more");
});

test("how far to trust a class is what was measured on answers like it", () => {
  const set = (/** @type {string[]} */ ...classes) => ({ classes, coverage: 0.9 });
  const of = (/** @type {any} */ more) => ask.sureText(OUTPUT, predictionOf(more));
  const reliability = { rows: 858, right: 652, share: 0.7599, low: 0.7302, high: 0.7873 };
  assert.equal(
    of({ reliability }),
    "Of 858 such answers on unseen rows, 76% were right (95% interval: 73% to 79%).",
  );
  assert.equal(
    of({ reliability: { ...reliability, rows: 6, right: 1 } }),
    "Of 6 such answers on unseen rows, 1 was right.",
  );
  assert.equal(of({ prediction_set: set("cat") }), "The 90% prediction set has no other outcome.");
  assert.match(of({ prediction_set: set("cat", "dog") }), /also has: Dog\. .*same source/);
  const near = probabilities({ cat: 0.45, dog: 0.41, cow: 0.14 });
  assert.match(of({ probabilities: near }), /^A close call\.$/);
  assert.match(of({ probabilities: near, reliability }), /^A close call\. Of 858/);
});

test("nothing is stated on inputs unlike those that were measured, and the page says so", () => {
  const facts = factsOf({
    uncertainty: { interval: 0.9, prediction_set: null, reliability: false },
  });
  const warned = (/** @type {string} */ code) => [{ input: "height", code, detail: "" }];
  const of = (/** @type {any} */ more) =>
    ask.unmeasuredText(facts, predictionOf({ interval: null, ...more }));
  assert.match(of({ warnings: warned("outside-training-range") }), /No accuracy is stated/);
  assert.equal(of({ warnings: warned("assumed-missing") }), "");
  assert.equal(of({}), "");
});

test("a probability is not shown as more certain than the training rows can show", () => {
  assert.equal(format.percentOf(0.9999, 10), "> 90%");
  assert.equal(format.percentOf(0.0001, 10), "< 10%");
  assert.equal(format.percentOf(0.85, 10), "85.0%");
  assert.equal(format.percentOf(0.999, 500), "> 99.8%");
  assert.equal(format.percentOf(0.9999, 30_000), "> 99.9%");
  assert.equal(format.percentOf(0.9999, null), "> 99.9%");
  assert.equal(ask.inWords(0.9999, 10), "");
});

test("an interval is said as people count", () => {
  const output = { task: "regression", name: "n", label: "n", unit: "bikes", decimals: 0 };
  const interval = { low: 2950.1, high: 6610.7, coverage: 0.9 };
  assert.equal(
    ask.sureText(output, predictionOf({ prediction: 4812, interval })),
    `90% interval: 2,950 to 6,611 bikes. ${common.sameSource}`,
  );
  const bands = [
    { label: "Quiet", below: 3000 },
    { label: "Busy", below: null },
  ];
  const banded = /** @type {any} */ ({ ...output, bands });
  assert.match(
    ask.sureText(banded, predictionOf({ prediction: 4812, interval })),
    /It reaches from “Quiet” to “Busy”\./,
  );
  assert.equal(ask.inWords(0.995), "more than 99 in 100");
  assert.equal(ask.inWords(0.95), "about 95 in 100");
  assert.equal(ask.inWords(0.004), "fewer than 1 in 100");
});

test("what a screen reader is told follows the answer", () => {
  const model = { status: "ready", body: factsOf(), problem: null };
  const answer = { status: "ready", prediction: predictionOf(), faults: [], slow: false };
  const route = { page: "model" };
  const spoken = (/** @type {any} */ more) =>
    spokenText(/** @type {any} */ ({ route, model, notice: "", answer: { ...answer, ...more } }));
  assert.equal(spoken({}), "Animal: Cat.");
  assert.equal(spoken({ status: "asking" }), "");
  assert.match(spoken({ status: "asking", slow: true }), /longer than usual/);
  assert.match(spoken({ status: "unreachable" }), /What you typed is kept/);
});

test("a name of the address that is no input is named", () => {
  const { inputs } = factsOf().signature;
  assert.equal(ask.unknownNamesText(inputs, { height: "1" }), "");
  assert.match(ask.unknownNamesText(inputs, { height: "1", age: "2" }), /age/);
});

test("the gallery says what a model does, and what came and went", () => {
  assert.equal(taskText("regression"), "Estimates a number");
  assert.equal(taskText("something new"), "");
  const list = (/** @type {string[]} */ ...names) =>
    /** @type {any} */ ({ models: names.map((name) => ({ name, title: name })), broken: [] });
  assert.equal(changesText(list("a"), list("a")), "");
  assert.equal(changesText(list("a"), list("b")), "New: b. No longer served: a.");
  const model = /** @type {any} */ ({ name: "a", version: "1" });
  const broken = { name: "a", version: "2", detail: "" };
  assert.equal(brokenText(model, broken), "Version 2 cannot be served");
});

test("a threshold says what becomes of the rows", () => {
  const thresholds = { class: "dog", chosen: 0.5, positives: 10, negatives: 90, points: [] };
  const at = about.calledAt(thresholds, { threshold: 0.5, hits: 8, false_alarms: 2 });
  assert.deepEqual([at.precision, at.recall, at.misses], [0.8, 0.8, 2]);
  assert.match(
    about.thresholdText(factsOf(), thresholds, at),
    /of 100 rows, 10 are predicted as “Dog”/,
  );
  const points = [0.1, 0.5, 0.9].map((threshold) => ({ threshold, hits: 0, false_alarms: 0 }));
  assert.equal(about.nearest({ ...thresholds, points }, 0.6), 1);
});

test("a share of few rows may truly lie far off", () => {
  const [low, high] = shareRange(0.5, 10);
  assert.ok(low < 0.25 && high > 0.75);
  assert.deepEqual(shareRange(0, 0)[0], 0);
  assert.match(about.fewText(20), /20 rows/);
  assert.equal(about.fewText(200), "");
});

test("rates of nothing are not measured, and others come with their interval", () => {
  const rate = { name: "r", label: "R", value: 0.25, rows: 40, low: 0.14, high: 0.4 };
  assert.equal(about.rateText(rate), "25.0% (14% to 40%)");
  assert.equal(
    about.rateText({ ...rate, value: null, rows: 0, low: null, high: null }),
    "not measured",
  );
  assert.equal(about.groupText(null, undefined), "not known");
  const gap = { ...rate, most: "f", least: "m", low: 0.1, high: 0.4 };
  assert.match(
    about.gapText(gap, String),
    /^R: 25\.0 percentage points more for f than for m \(95% interval: 10\.0 to 40\.0\)\.$/,
  );
});

test("a curve goes through the present answer", () => {
  const points = [0, 10].map((value) => ({
    value,
    prediction: value,
    average: 2 * value,
    accumulated: null,
  }));
  assert.equal(heightAt(points, 5, "prediction"), 5);
  assert.deepEqual(withPresent(points, 5, 7)[1], {
    value: 5,
    prediction: 7,
    average: 10,
    accumulated: null,
  });
  assert.equal(withPresent(points, 11, 7).length, 2);
});

test("the strongest contribution comes first, whatever its sign", () => {
  const rows = [1, -3, 2].map((contribution) => ({
    input: String(contribution),
    value: null,
    contribution,
    standard_error: 0,
  }));
  assert.deepEqual(
    largestFirst(rows).map(({ contribution }) => contribution),
    [-3, 2, 1],
  );
});

test("the figures of an explanation are in the unit of the output", () => {
  const prediction = predictionOf({ probabilities: probabilities({ cat: 0.8 }) });
  const measure = measureOf(factsOf(), prediction, "cat", 0.2);
  assert.equal(measure.name, "Probability of “Cat”");
  assert.equal(measure.difference(-0.123), "−12.3");
  assert.equal(measure.size(-0.123), "12.3 percentage points");
});

test("a value reads as the card has it", () => {
  const categories = [{ value: "m", label: "Male", count: 1 }];
  assert.equal(valueText(inputOf("category", { categories }), "m"), "Male");
  assert.equal(valueText(inputOf("boolean"), true), "yes");
  assert.equal(valueText(inputOf("number", { unit: "years" }), 39), "39 years");
  assert.equal(valueText(inputOf("number"), null), "not known");
});

test("the marks of an axis are round", () => {
  assert.deepEqual(ticks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(17, 90), [20, 40, 60, 80]);
  assert.deepEqual(ticks(3, 3), [3]);
});

test("how often answers like one of a file were right is said by counts where there are few", () => {
  assert.equal(headlines.rightText(0.76, 858), "76% of 858 such answers were right");
  assert.equal(headlines.rightText(0.75, 12), "9 of 12 such answers were right");
  assert.equal(headlines.rightText(0.1667, 6), "1 of 6 such answers was right");
});

test("marks at an axis leave a year whole and still group long numbers", () => {
  assert.deepEqual(
    [2011, 9999, 10000, 1234567.8, -1500, 0.25].map((each) => format.tick(each)),
    ["2011", "9999", "10,000", "1,234,568", "\u22121500", "0.25"],
  );
});
