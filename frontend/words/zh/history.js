/** Words for going back through the changes of a form. */

import { count } from "../../lib/format.js";

export const redo = "重做";
/** @type {typeof import("../en/history.js").inputCount} */
export const inputCount = (inputs) => `${count(inputs)} 个输入`;
/** @type {typeof import("../en/history.js").reset} */
export const reset = (label, value) => `将${label}重置为 ${value}`;
