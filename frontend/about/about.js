/** What is known of a model: fetched when the panel is opened. */

import "../lib/styles/document.css";
import "./about.css";
import "./servery-about.js";
import { AboutFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new AboutFlow(shell);
}
