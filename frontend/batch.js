/** What takes files of rows: fetched when the panel is opened. */

import "./batch.css";
import "./elements/servery-batch.js";

export { BatchFlow } from "./lib/batch-flow.js";
