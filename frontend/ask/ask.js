/** Asking a model: its form and its answer, fetched when a model is opened. */

import "./ask.css";
import "./servery-ask.js";
import { AskFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new AskFlow(shell);
}
