/** What was predicted for a file of rows, plotted: fetched when the first job is done. */

import "../plots/plots.css";
import "./servery-batch-summary.js";
