/** Words for measured rows near an answer. */

import { count } from "../../lib/format.js";

export const similarRowsInTheData = "Similar rows in the data";
export const nearestLead =
  "Rows with known outcomes, predicted by a fit that did not see them. The nearest rows are those whose differences matter least to the model.";
export const showSimilarRows = "Show similar rows";
export const moreRows = "More rows";
export const theSameInputs = "The same inputs";
export const noneClose =
  "No measured row is close to these inputs, so nothing is stated about errors here. These rows differ least.";
/** @type {(figure: string) => string} */
export const predictedNumber = (figure) => `predicted: ${figure}`;
export const predictedCorrectly = "predicted correctly";
/** @type {(name: string) => string} */
export const predictedClass = (name) => `predicted: “${name}”`;
/** @type {(inputs: string) => string} */
export const notCompared = (inputs) => `Not compared: ${inputs}.`;
export const noRows = "Could not load the rows.";
/** @type {(more: number) => string} */
export const more = (more) => `${count(more)} more`;
/** @type {(rows: number) => string} */
export const tooFewKept = (rows) =>
  `Only ${count(rows)} rows are kept: too few to state errors near an answer.`;
/** @type {(rows: number, right: number, share: string, low: string, high: string) => string} */
export const rightNearby = (rows, right, share, low, high) =>
  `Of the ${count(rows)} measured rows nearest to these inputs, ${count(right)} were predicted correctly: ${share} (95% interval: ${low} to ${high}).`;
/** @type {(rows: number, error: string, low: string, high: string) => string} */
export const errorNearby = (rows, error, low, high) =>
  `On the ${count(rows)} measured rows nearest to these inputs, predictions were off by ${error} on average (95% interval: ${low} to ${high}).`;
/** @type {(rows: number, share: string) => string} */
export const rightOfAll = (rows, share) => `Of all ${count(rows)} kept rows, it is ${share}.`;
/** @type {(rows: number, error: string) => string} */
export const errorOfAll = (rows, error) => `On all ${count(rows)} kept rows, it is ${error}.`;
/** @type {(off: string) => string} */
export const tooHigh = (off) => `Near these inputs they were too high, by ${off} on average.`;
/** @type {(off: string) => string} */
export const tooLow = (off) => `Near these inputs they were too low, by ${off} on average.`;
/** @type {(stated: string, held: number, rows: number) => string} */
export const intervalHeld = (stated, held, rows) =>
  `The ${stated} interval held the outcome of ${count(held)} of ${count(rows)}.`;
/** @type {(stated: string, held: number, rows: number) => string} */
export const setHeld = (stated, held, rows) =>
  `The ${stated} prediction set held the outcome of ${count(held)} of ${count(rows)}.`;
