/** Words for going back through the changes of a form. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const redo = "Rétablir";
/** @type {typeof import("../en/history.js").inputCount} */
export const inputCount = (inputs) =>
  plural(inputs, { one: `${count(inputs)} entrée`, other: `${count(inputs)} entrées` });
/** @type {typeof import("../en/history.js").reset} */
export const reset = (label, value) => `Remettre ${label} à ${value}`;
