/** The form of a model with many inputs: fetched with the facts of one. */

import "./servery-long-form.css";
import "./servery-long-form.js";

export { based, baseText, prepare } from "./state.js";
