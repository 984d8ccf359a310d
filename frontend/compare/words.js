/** What is said of two answers to one question. */

import { doubtOf, labelOf, named } from "../ask/words.js";
import { directionOf, measureOf } from "../insight/measure.js";
import { percentRound } from "../lib/format.js";
import { apart, isAlike } from "./state.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {{facts: Facts, prediction: Prediction}} Answered */

export const TITLE = "Two answers to one question";
export const INTRODUCTION =
  "Choose another version of this model, or a model with the same inputs. It answers the question in the form, too.";
export const COMPARE_WITH = "Compare with";
export const CHOOSE = "Choose a version or a model";
export const VERSIONS = "Versions of this model";
export const FITTING = "Models with these inputs";
export const OTHERS = "Other models";
export const ALONE = "This server has no other version of this model, and no other model.";
export const LOADING = "Loading …";
export const ASKING = "Asking …";
export const UNANSWERED = "Fill in the inputs to see both answers.";
export const UNREACHABLE = "The server did not answer. Choose it again to retry.";
export const OLDER = "Before your change";

/**
 * @param {Facts} facts
 * @param {string} version
 * @returns {string} a version in the menu
 */
export function versionText({ served }, version) {
  return version === served ? `Version ${version}, served` : `Version ${version}`;
}

/**
 * @param {Facts} facts
 * @param {Facts | null} other
 * @returns {string} what tells one from the other
 */
export function nameOf({ name, title, version }, other) {
  return other && other.name !== name ? title : `Version ${version}`;
}

/**
 * @param {string} title
 * @param {readonly Input[]} missing
 * @param {readonly Input[]} present
 * @returns {string} why a model cannot answer the question
 */
export function missingText(title, missing, present) {
  const names = new Set(present.map(({ name }) => name));
  const absent = missing.filter(({ name }) => !names.has(name)).map(({ label }) => label);
  const typed = missing.filter(({ name }) => names.has(name)).map(({ label }) => label);
  const parts = [
    absent.length > 0 && `needs inputs that this model does not have: ${absent.join(", ")}`,
    typed.length > 0 && `has another type of: ${typed.join(", ")}`,
  ];
  return `“${title}” ${parts.filter(Boolean).join("; and ")}.`;
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 * @returns {string[]} sentences: how their answer differs from ours, and whether both may be true
 */
export function differenceTexts(ours, theirs) {
  const [mine, other] = [ours, theirs].map(({ facts }) => facts.signature.output);
  if (!mine || !other || doubtOf(ours.prediction) || doubtOf(theirs.prediction)) return [];
  if (mine.outputs || other.outputs) {
    return ["Models with several outputs have no single difference."];
  }
  if (!isAlike(mine, other)) {
    return ["They answer in different units or classes, so there is no difference to show."];
  }
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
function outcomeText(ours, theirs) {
  const [mine, other] = [ours.prediction, theirs.prediction];
  if (ours.facts.signature.output.task === "regression") return "";
  return mine.prediction === other.prediction
    ? `Both answer “${named(mine)}”.`
    : `The answers differ: “${named(mine)}” and “${named(other)}”.`;
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 */
function figureText(ours, theirs) {
  const { facts, prediction } = ours;
  const { output } = facts.signature;
  const from = { output, prediction };
  const change = apart(
    { output: theirs.facts.signature.output, prediction: theirs.prediction },
    from,
  );
  if (change === null) return "";
  const name = nameOf(theirs.facts, facts);
  const measure = measureOf(facts, prediction, prediction.prediction, Math.abs(change));
  const direction = directionOf(measure, change);
  if (output.task === "regression") {
    if (direction === "none") return "Both predict the same.";
    return `${name} predicts ${measure.size(change)} ${direction === "up" ? "more" : "less"}.`;
  }
  const what = `probability of “${labelOf(output, prediction.prediction)}”`;
  if (direction === "none") return `The ${what} is the same.`;
  return `The ${what} is ${measure.size(change)} ${direction === "up" ? "higher" : "lower"} in ${name}.`;
}

/**
 * @param {Answered} ours
 * @param {Answered} theirs
 */
function overlapText({ prediction: { interval: mine } }, { prediction: { interval: other } }) {
  if (!mine || !other || mine.coverage !== other.coverage) return "";
  const isApart = mine.high < other.low || other.high < mine.low;
  return `Their ${percentRound(mine.coverage)} intervals ${isApart ? "do not overlap" : "overlap"}.`;
}
