/** Words for going back through the changes of a form. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const redo = "Wiederholen";
/** @type {typeof import("../en/history.js").inputCount} */
export const inputCount = (inputs) =>
  plural(inputs, { one: "1 Eingabe", other: `${count(inputs)} Eingaben` });
/** @type {typeof import("../en/history.js").reset} */
export const reset = (label, value) => `${label} auf ${value} zurücksetzen`;
