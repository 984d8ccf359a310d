/** Words for the inputs of a form. */

import { count } from "../../lib/format.js";

export const yes = "Yes";
export const no = "No";
export const trueOrFalse = "True or false";
export const category = "Category";
export const enterAValue = "Enter a value.";
export const date = "Date";
export const dateAndTime = "Date and time";
export const number = "Number";
/** @type {(found: string) => string} */
export const expectedNumber = (found) => `Expected a number, found ${found}.`;
/** @type {(found: string) => string} */
export const ambiguousNumber = (found) => `${found} can be read in two ways.`;
export const wholeNumber = "Whole number";
export const notKnown = "Not known";
export const choose = "Choose …";
/** @type {(typed: string) => string} */
export const unseen = (typed) => `${typed} (not seen in training)`;
export const beyondThisSlider = "beyond this slider";
/** @type {(label: string) => string} */
export const slider = (label) => `${label}, slider`;
export const notSet = "not set";
export const text = "Text";
export const yesWithin = "yes";
export const noWithin = "no";
/** @type {(value: string) => string} */
export const approximately = (value) => `about ${value}`;
/** @type {(label: string, rows: number) => string} */
export const rare = (label, rows) => `${label} (rare: ${count(rows)} in training)`;
/** @type {(reading: string) => string} */
export const useReading = (reading) => `Use ${reading}`;
