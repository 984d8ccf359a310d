/** What About shows of how good a model is: elements, plots and styles, fetched when it is opened. */

import "./evaluation.css";
import "./servery-evaluation.js";
