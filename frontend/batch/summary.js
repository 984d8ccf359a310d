/** What was predicted for a file of rows, plotted: fetched when the first job is done. */

import "../about/evaluation.css";
import "../plots/plots.css";
import "./servery-batch-evaluation.js";
import "./servery-batch-summary.js";
