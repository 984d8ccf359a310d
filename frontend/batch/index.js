/** What takes files of rows: fetched when the panel is opened. */

import "./batch.css";
import "./servery-batch.js";

export { BatchFlow } from "./flow.js";
