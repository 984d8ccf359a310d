/** What is loaded with the list of models: its element, and what becomes of later lists. */

import "../lib/styles/document.css";
import "./servery-gallery.js";

export { refreshed } from "./refresh.js";
