/** What came out of a file of rows, plotted: fetched when the first job is done. */

import "./evaluation.css";
import "./elements/servery-batch-summary.js";
