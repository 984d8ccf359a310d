/** What explains an answer: fetched with the first one. */

import "../lib/styles/document.css";
import "./insight.css";
import "../ask/servery-answer-foot.js";
import "./servery-insight.js";
import "./servery-printed.js";
import "./servery-what-if-panel.js";
import { InsightFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new InsightFlow(shell);
}
