/** The measured rows that a version keeps, to pick from: fetched after the first answer of one that does. */

import "../lib/styles/document.css";
import "./servery-known.css";
import "./servery-known.js";
import "./servery-truth.css";
import "./servery-truth.js";
import { KnownFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new KnownFlow(shell);
}
