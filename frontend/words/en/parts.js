/** Words for what few answers and few inputs have. */

import { count } from "../../lib/format.js";

/** @type {(answer: string) => string} */
export const saysInDoubt = (answer) => `The model says “${answer}”, but do not rely on it.`;
export const belowAll = "Below every outcome seen in training.";
export const aboveAll = "Above every outcome seen in training.";
export const within = "Within the outcomes seen in training.";
export const scores = "Scores";
export const scoresOfClasses =
  "This model gives no probabilities. These are its own scores, without a unit. The highest score wins.";
/** @type {(low: string, high: string) => string} */
export const scoreOfTwo = (low, high) =>
  `This model gives no probabilities. A score below 0 means “${low}”, one above 0 “${high}”. A score near 0 is close to the boundary.`;
export const score = "Score";
export const allOutcomes = "All outcomes";
export const allGroups = "All groups";
/** @type {(outcomes: number) => string} */
export const oneOfOutcomes = (outcomes) =>
  `One of ${count(outcomes)} outcomes. This model gives no probabilities.`;
/** @type {(groups: number) => string} */
export const oneOfGroups = (groups) =>
  `One of ${count(groups)} groups. This model gives no probabilities.`;
/** @type {(below: number) => string} */
export const lowerInTraining = (below) =>
  `About ${count(below)} in 100 outcomes in training are lower.`;
export const takesLonger = "The answer takes longer than usual.";
export const inputsUsed = "Inputs used";
export const printOrSaveAsPdf = "Print or save as PDF";
export const kept = "Kept";
export const keepThisAnswer = "Keep this answer";
export const goToTheAnswer = "Go to the answer:";
/** @type {(zone: string) => string} */
export const localTime = (zone) => `Local time in ${zone}.`;
/** @type {(characters: number, limit: number) => string} */
export const characters = (characters, limit) =>
  `${count(characters)} of ${count(limit)} characters`;
/** @type {(outputs: string, more: number) => string} */
export const andMoreOutputs = (outputs, more) => `${outputs}; and ${count(more)} more`;
/** @type {(right: number, rows: number) => string} */
export const rightCounted = (right, rows) =>
  `${count(right)} of ${count(rows)} such answers ${right === 1 ? "was" : "were"} right`;
/** @type {(share: string, rows: number) => string} */
export const rightShare = (share, rows) => `${share} of ${count(rows)} such answers were right`;
