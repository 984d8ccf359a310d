/** Words for going back through the changes of a form. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const redo = "Redo";
/** @type {(inputs: number) => string} */
export const inputCount = (inputs) =>
  plural(inputs, { one: "1 input", other: `${count(inputs)} inputs` });
/** @type {(label: string, value: string) => string} */
export const reset = (label, value) => `Reset ${label} to ${value}`;
