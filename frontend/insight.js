/** Table of contents of what stands below an answer: fetched with the first one. */

import "./insight.css";
import "./elements/servery-insight.js";
import "./elements/servery-outlook.js";

export { InsightFlow } from "./lib/insight-flow.js";
