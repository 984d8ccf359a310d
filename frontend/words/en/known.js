/** Words for rows whose outcome is known, and for an answer against the truth. */

import { count } from "../../lib/format.js";

export const knownRows = "Rows with known outcomes";
export const knownLead =
  "Rows that the model was measured on, each predicted by a fit that did not see it. Fill the form with one to see the answer against the truth.";
export const showRows = "Show rows";
export const order = "Order";
export const largestError = "Largest error first";
export const smallestError = "Smallest error first";
export const wrongFirst = "Wrong answers first";
export const rightFirst = "Right answers first";
export const leastSure = "Least sure first";
export const mostSure = "Most sure first";
export const highestOutcome = "Highest outcome first";
export const lowestOutcome = "Lowest outcome first";
export const outcome = "Outcome";
export const allOutcomes = "All outcomes";
export const loading = "Loading …";
export const tryAgain = "Try again";
export const unreachable = "Could not load the rows: the server did not answer.";
export const noRows = "No rows.";
/** @type {(first: number, last: number, total: number) => string} */
export const range = (first, last, total) => `${count(first)} to ${count(last)} of ${count(total)}`;
export const previous = "Previous";
export const next = "Next";
export const pick = "Fill in";
export const picked = "Filled in";
/** @type {(prediction: string, difference: string) => string} */
export const predictedOff = (prediction, difference) => `predicted: ${prediction} (${difference})`;
/** @type {(outcome: string) => string} */
export const predictedInstead = (outcome) => `predicted: “${outcome}”`;
export const predictedRightly = "predicted correctly";
/** @type {(more: number) => string} */
export const moreInputs = (more) => `${count(more)} more`;
export const trueOutcome = "True outcome";
export const answerIsRight = "The answer is right.";
export const answerIsWrong = "The answer is wrong.";
export const answerIsExact = "The answer is the same.";
/** @type {(size: string) => string} */
export const answerIsHigher = (size) => `The answer is ${size} higher.`;
/** @type {(size: string) => string} */
export const answerIsLower = (size) => `The answer is ${size} lower.`;
/** @type {(coverage: string) => string} */
export const intervalHolds = (coverage) => `Its ${coverage} interval holds the true outcome.`;
/** @type {(coverage: string) => string} */
export const intervalMisses = (coverage) =>
  `Its ${coverage} interval does not hold the true outcome.`;
/** @type {(coverage: string) => string} */
export const setHolds = (coverage) => `Its ${coverage} prediction set holds the true outcome.`;
/** @type {(coverage: string) => string} */
export const setMisses = (coverage) =>
  `Its ${coverage} prediction set does not hold the true outcome.`;
