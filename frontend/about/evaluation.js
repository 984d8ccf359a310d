/** How good a version is, plotted: fetched when About is opened. */

import "../plots/plots.css";
import "./evaluation.css";
import "./servery-evaluation.js";
