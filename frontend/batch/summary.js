/** What came out of a file of rows, plotted: fetched when the first job is done. */

import "../about/evaluation.css";
import "./servery-batch-summary.js";
