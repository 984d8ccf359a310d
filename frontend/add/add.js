/** How to add a model: fetched when its page is opened. */

import "../lib/styles/document.css";
import "./add.css";
import "./servery-add.js";
import { edited } from "./publish-form.js";

/**
 * @param {import("../shell/flow.js").Shell} shell
 * @returns {import("../shell/flow.js").Feature}
 */
export function open({ store }) {
  return { handlers: { edit: (change) => store.apply(edited, change) } };
}
