/** Words for a question and its answer. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const answer = "Answer";
export const beforeYourChange = "Before your change";
export const asking = "Asking …";
export const ready = "Ready";
export const howToBegin =
  "Fill in the inputs or start from an example. The answer changes as you type.";
export const examples = "Examples";
export const clear = "Clear";
export const typical = "Typical";
export const pasteARow = "Paste a row";
/** @type {(chance: string) => string} */
export const probability = (chance) => `Probability ${chance}`;
/** @type {(label: string, value: string) => string} */
export const calledFrom = (label, value) => `Predicted as “${label}” at ${value} or more.`;
export const moreThan99In100 = "more than 99 in 100";
export const fewerThan1In100 = "fewer than 1 in 100";
export const aCloseCall = "A close call.";
export const nothingMeasuredHere =
  "No accuracy is stated, because nothing was measured on inputs like these.";
/** @type {(first: string, last: string) => string} */
export const itReachesFromTo = (first, last) => `It reaches from “${first}” to “${last}”.`;
export const outsideTrainingRange =
  "is outside the range that the model was trained on, so the answer is unreliable.";
export const unusualTogether = "Unusual together";
export const theInputsTogether = "The inputs together";
export const stillWorking = "Still working …";
export const fillInTheRest = "Fill in the rest to get an answer.";
export const unreachableKept =
  "The server is not responding. What you typed is kept. Retrying automatically.";
export const theServerRefused = "The server refused.";
/** @type {(names: string) => string} */
export const ignoredInputs = (names) => `Ignored, because the model has no such input: ${names}.`;
/** @type {(milliseconds: number, warnings: number) => string} */
export const answeredIn = (milliseconds, warnings) =>
  `Answered in ${count(milliseconds)} ms${warnings > 0 ? ` with ${warningCount(warnings)}` : ""}`;
/** @type {(warnings: number) => string} */
export const warningCount = (warnings) =>
  plural(warnings, { one: "1 warning", other: `${count(warnings)} warnings` });
/** @type {(hundredths: number) => string} */
export const aboutIn100 = (hundredths) => `about ${count(hundredths)} in 100`;
/** @type {(tenths: number) => string} */
export const aboutIn10 = (tenths) => `about ${count(tenths)} in 10`;
/** @type {(rows: number, right: number) => string} */
export const rightOfFew = (rows, right) =>
  plural(rows, {
    one: `Of 1 such answer on unseen rows, ${right} ${right === 1 ? "was" : "were"} right.`,
    other: `Of ${count(rows)} such answers on unseen rows, ${count(right)} ${right === 1 ? "was" : "were"} right.`,
  });
/** @type {(rows: number, share: string, low: string, high: string) => string} */
export const rightOfMany = (rows, share, low, high) =>
  `Of ${count(rows)} such answers on unseen rows, ${share} were right (95% interval: ${low} to ${high}).`;
/** @type {(coverage: string) => string} */
export const setOfOne = (coverage) => `The ${coverage} prediction set has no other outcome.`;
/** @type {(coverage: string, others: string) => string} */
export const setOfMore = (coverage, others) =>
  `The ${coverage} prediction set also has: ${others}.`;
/** @type {(coverage: string, range: string) => string} */
export const intervalText = (coverage, range) => `${coverage} interval: ${range}.`;
/** @type {(rows: number) => string} */
export const trainedOnOnly = (rows) =>
  plural(rows, { one: "Trained on only 1 row.", other: `Trained on only ${count(rows)} rows.` });
/** @type {(inputs: number) => string} */
export const needFixing = (inputs) =>
  plural(inputs, { one: "1 input needs fixing.", other: `${count(inputs)} inputs need fixing.` });
