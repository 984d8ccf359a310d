/** Measured rows that are like an instance: fetched after the first answer, where a version keeps rows. */

import "../lib/styles/document.css";
import "./nearest.css";
import "./servery-nearest.js";
