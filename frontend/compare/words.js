/** What is said of two answers to one question. */

import * as say from "#words/compare";
import { doubtOf, labelOf, named } from "../ask/words.js";
import { directionOf, measureOf } from "../insight/measure.js";
import { percentRound } from "../lib/format.js";
import { apart, isAlike } from "./state.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {{facts: Facts, prediction: Prediction}} Answered */

/**
 * @param {string | null | undefined} served
 * @param {string} version
 * @returns {string} a version in the menu
 */
export function versionText(served, version) {
  return version === served ? say.servedVersion(version) : say.version(version);
}

/**
 * @param {Facts} facts
 * @param {Facts | null} other
 * @returns {string} what tells one from the other
 */
export function nameOf({ name, title, version }, other) {
  return other && other.name !== name ? title : say.version(version);
}

/**
 * @param {string} title
 * @param {readonly Input[]} missing
 * @param {readonly Input[]} present
 * @returns {string} why a model cannot answer the question
 */
export function missingText(title, missing, present) {
  const names = new Set(present.map(({ name }) => name));
  const labels = (/** @type {boolean} */ isThere) =>
    missing
      .filter(({ name }) => names.has(name) === isThere)
      .map(({ label }) => label)
      .join(", ");
  const [absent, typed] = [labels(false), labels(true)];
  const sentences = [
    absent && say.lacksInputs(title, absent),
    typed && say.otherTypes(title, typed),
  ];
  return sentences.filter(Boolean).join(" ");
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 * @returns {string[]} sentences: how their answer differs from ours, and whether both may be true
 */
export function differenceTexts(ours, theirs) {
  const [mine, other] = [ours, theirs].map(({ facts }) => facts.signature.output);
  if (!mine || !other || doubtOf(ours.prediction) || doubtOf(theirs.prediction)) return [];
  if (mine.outputs || other.outputs) return [say.noSingleDifference];
  if (!isAlike(mine, other)) return [say.notAlike];
  const sentences = [
    outcomeText(ours, theirs),
    figureText(ours, theirs),
    overlapText(ours, theirs),
  ];
  return sentences.filter((each) => each !== "");
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 */
function outcomeText({ facts, prediction: mine }, { prediction: other }) {
  if (facts.signature.output.task === "regression") return "";
  return mine.prediction === other.prediction
    ? say.bothAnswer(named(mine))
    : say.answersDiffer(named(mine), named(other));
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 */
function figureText({ facts, prediction }, theirs) {
  const { output } = facts.signature;
  const their = { output: theirs.facts.signature.output, prediction: theirs.prediction };
  const change = apart(their, { output, prediction });
  if (change === null) return "";
  const name = nameOf(theirs.facts, facts);
  const measure = measureOf(facts, prediction, prediction.prediction, Math.abs(change));
  const direction = directionOf(measure, change);
  const size = measure.size(change);
  if (output.task === "regression") {
    if (direction === "none") return say.bothPredictTheSame;
    return direction === "up" ? say.predictsMore(name, size) : say.predictsLess(name, size);
  }
  const outcome = labelOf(output, prediction.prediction);
  if (direction === "none") return say.sameProbability(outcome);
  return direction === "up"
    ? say.higherProbability(outcome, size, name)
    : say.lowerProbability(outcome, size, name);
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 */
function overlapText({ prediction: { interval: mine } }, { prediction: { interval: other } }) {
  if (!mine || !other || mine.coverage !== other.coverage) return "";
  const isApart = mine.high < other.low || other.high < mine.low;
  const coverage = percentRound(mine.coverage);
  return isApart ? say.intervalsApart(coverage) : say.intervalsOverlap(coverage);
}
