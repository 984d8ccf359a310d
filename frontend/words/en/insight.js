/** Words for what influenced an answer and what would change it. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {(error: string) => string} */
export const estimated = (error) => `Estimated: the largest standard error is ${error}.`;
/** @type {(label: string) => string} */
export const probabilityOf = (label) => `Probability of ${label}`;
/** @type {(label: string) => string} */
export const whetherItIs = (label) => `Whether it is ${label}`;
/** @type {(label: string) => string} */
export const scoreOf = (label) => `Score of ${label}`;
export const percentagePoints = "percentage points";
export const doesNotChangeIt = "does not change it";
export const nothingFound =
  "Nothing found by changing at most three inputs within their training ranges.";
export const whatWouldChangeIt = "What would change it?";
/** @type {(inputs: string) => string} */
export const movable = (inputs) =>
  `These inputs may change: ${inputs}. All others stay as they are.`;
export const findChanges = "Find changes";
/** @type {(outcome: string) => string} */
export const gives = (outcome) => `gives ${outcome}`;
export const to = "to";
/** @type {(min: string) => string} */
export const orMore = (min) => `${min} or more`;
/** @type {(max: string) => string} */
export const orLess = (max) => `${max} or less`;
/** @type {(label: string, changeable: string) => string} */
export const onlySome = (label, changeable) => `${label} (only ${changeable})`;
export const changeItTo = "Change it to";
export const atLeast = "At least";
export const atMost = "At most";
export const any = "any";
export const onAverage = "On average";
export const thisAnswer = "This answer";
export const correlatedInputs = "Correlated inputs";
export const goToThisInput = "Go to this input";
export const whatIfItWereDifferent = "What if it were different?";
/** @type {(label: string) => string} */
export const whatIfWereDifferent = (label) => `What if ${label} were different?`;
export const asATable = "As a table";
export const influencesAsTable = "What influenced it, as a table";
export const movesItBy = "Moves it by";
/** @type {(label: string) => string} */
export const eachChoice = (label) => `${label}, each choice`;
/** @type {(label: string) => string} */
export const onTheCurve = (label) => `${label}, on the curve`;
export const raisesIt = "raises it";
export const lowersIt = "lowers it";
export const theStrongestWords = "The strongest words";
export const goToThisWord = "Go to this word";
export const word = "Word";
export const withoutTheWords = "Without any of the words";
export const whatIsExplained = "What is explained";
export const inputToChange = "Input to change";
/** @type {(name: string) => string} */
export const measureAllElseEqual = (name) => `${name}, all else equal`;
export const accumulatedLocalEffects = "Accumulated local effects";
/** @type {(label: string) => string} */
export const notMarked = (label) => `${label} is not known, so nothing is marked.`;
/** @type {(others: string) => string} */
export const localEffectsWhy = (others) =>
  `Correlated with ${others}. “On average” moves every row over the whole range, to values that hardly occur together. Accumulated local effects move each row only a little.`;
export const whatIfAsATable = "What if, as a table";
/** @type {(name: string, label: string) => string} */
export const measureByInput = (name, label) => `${name} by ${label}`;
export const localEffects = "Local effects";
export const allElseEqual = "All else equal";
/** @type {(size: string) => string} */
export const raisesBy = (size) => `raises it by ${size}`;
/** @type {(size: string) => string} */
export const lowersBy = (size) => `lowers it by ${size}`;
/** @type {(ways: number) => string} */
export const waysFound = (ways) =>
  plural(ways, { one: "One way found.", other: `${count(ways)} ways found.` });
/** @type {(one: string, other: string) => string} */
export const pair = (one, other) => `${one} and ${other}`;
/** @type {(pairs: string, more: number) => string} */
export const correlated = (pairs, more) =>
  `Correlated: ${pairs}${more > 0 ? `, and ${count(more)} more pairs` : ""}. Such inputs can stand in for each other, so what one seems to cause, the other may have caused.`;
/** @type {(name: string) => string} */
export const contributionsLead = (name) =>
  `${name}: how much each input moves it from the average.`;
/** @type {(name: string, unit: string) => string} */
export const contributionsLeadIn = (name, unit) =>
  `${name}: how much each input moves it from the average, in ${unit}.`;
/** @type {(inputs: number) => string} */
export const moreTogether = (inputs) => `${count(inputs)} more together`;
export const noExplanation = "Could not load the explanation.";
export const noCurve = "Could not load the curve.";
export const noChanges = "Could not load the changes.";
/** @type {(name: string, without: unknown, within: unknown) => unknown} */
export const markedLead = (name, without, within) => [
  `${name}: from `,
  without,
  " without any of the words to ",
  within,
  " with all of them.",
];
/** @type {(words: number) => string} */
export const moreWords = (words) =>
  plural(words, { one: "1 more word", other: `${count(words)} more words together` });
/** @type {(title: string, version: string, time: unknown) => unknown} */
export const printed = (title, version, time) => [
  `${title}, version ${version}. Printed `,
  time,
  ".",
];
/** @type {(target: string) => string} */
export const resultFor = (target) => `Result of your search for ${target}:`;
export const olderResult = "Result of your search, with the inputs before your change:";
/** @type {(target: string) => string} */
export const olderResultFor = (target) =>
  `Result of your search for ${target}, with the inputs before your change:`;
export const result = "Result of your search:";
