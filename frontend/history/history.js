/** Back through what was changed in the form, and forth again: fetched with the first answer. */

import "./servery-history.css";
import "./servery-history.js";
import "./servery-reset.css";
import "./servery-reset.js";
import { HistoryFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new HistoryFlow(shell);
}
