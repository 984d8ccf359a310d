/** The question of the form as code: fetched when the panel is opened. */

import "./code.css";
import "./servery-code.js";
