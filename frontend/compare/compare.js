/** Two versions or two models on one question: fetched when the panel is opened. */

import "../lib/styles/document.css";
import "./servery-compare.css";
import "./servery-compare.js";
import { CompareFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new CompareFlow(shell);
}
