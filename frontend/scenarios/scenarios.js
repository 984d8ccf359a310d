/** Any number of answers side by side: fetched when the first is kept. */

import "../lib/styles/document.css";
import "./servery-scenarios.css";
import "./servery-scenarios.js";
import { ScenariosFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new ScenariosFlow(shell);
}
