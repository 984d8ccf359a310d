/** Table of contents of what stands below an answer: fetched with the first one. */

import "./insight.css";
import "./servery-insight.js";
import "./servery-outlook.js";

export { InsightFlow } from "./flow.js";
