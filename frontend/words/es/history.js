/** Words for going back through the changes of a form. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const redo = "Rehacer";
/** @type {typeof import("../en/history.js").inputCount} */
export const inputCount = (inputs) =>
  plural(inputs, { one: "1 entrada", other: `${count(inputs)} entradas` });
/** @type {typeof import("../en/history.js").reset} */
export const reset = (label, value) => `Restablecer ${label} a ${value}`;
