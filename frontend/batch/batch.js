/** Files of rows: fetched when the panel is opened. */

import "../lib/styles/document.css";
import "./batch.css";
import "./servery-batch.js";
import { BatchFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new BatchFlow(shell);
}
