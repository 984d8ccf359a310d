/** The question of the form as code: fetched when the panel is opened. */

import "../lib/styles/document.css";
import "./code.css";
import "./servery-code.js";
import { CodeFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new CodeFlow(shell);
}
