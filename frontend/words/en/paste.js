/** Words for a pasted row. */

import { count } from "../../lib/format.js";

export const pasteFormats = "CSV, TSV or JSON, with names or in the order below";
export const fillIn = "Fill in";
export const noInputNamed = "Nothing filled in: no name in it is an input of this model.";
/** @type {(labels: string) => string} */
export const notInIt = (labels) => `Not in it: ${labels}.`;
/** @type {(names: string) => string} */
export const leftOut = (names) => `Not an input, left out: ${names}.`;
/** @type {(values: string) => string} */
export const rowFilledIn = (values) => `Row filled in: ${values}.`;
/** @type {(rows: number, values: string) => string} */
export const firstFilledIn = (rows, values) => `First of ${count(rows)} rows filled in: ${values}.`;
export const invalidJson = "Nothing filled in: this is not valid JSON.";
/** @type {(expected: number, found: number) => string} */
export const expectedValues = (expected, found) =>
  `Nothing filled in: expected ${count(expected)} values in the form's order, or a line of names above them; found ${count(found)}.`;
