/** Words that several features use. */

import { count } from "../../lib/format.js";

export const rows = "Rows";
export const predicted = "Predicted";
export const notKnown = "not known";
export const probabilities = "Probabilities";
export const likelyBetween = "Likely between";
export const tryAgainNow = "Try again now";
export const input = "Input";
export const standardError = "Standard error";
export const showTheNumbers = "Show the numbers";
export const value = "Value";
export const addYourModel = "Add your model";
export const tryIt = "Try it";
export const copy = "Copy";
export const inputs = "Inputs";
export const request = "Request";
export const tryNow = "Try now";
export const warnings = "Warnings";
export const ask = "Ask";
export const share = "Share";
export const doesNotFit = "It does not fit this version of the model.";
export const searching = "Searching …";
export const tried = "Tried";
export const tryAgain = "Try again";
/** @type {(text: string) => string} */
export const quoted = (text) => `“${text}”`;
/** @type {(low: string, high: string) => string} */
export const range = (low, high) => `${low} to ${high}`;
/** What coverage rests on: new rows are exchangeable with the measured ones. */
export const sameSource = "This holds for new rows from the same source as the measured ones.";
export const actual = "Actual";
export const prediction = "Prediction";
export const whatInfluencedIt = "What influenced it";
export const whatIf = "What if";
/** @type {(named: string, more: number) => string} */
export const andMore = (named, more) => `${named} and ${count(more)} more`;
export const noVerdict = "No verdict";
/** @type {(first: number) => string} */
export const showTheFirst = (first) => `Show the first ${count(first)}`;
/** @type {(all: number) => string} */
export const showAll = (all) => `Show all ${count(all)}`;
export const undo = "Undo";
