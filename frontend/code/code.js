/** The question of the form as code: fetched when the panel is opened. */

import "../lib/styles/document.css";
import "./code.css";
import "./servery-code.js";
