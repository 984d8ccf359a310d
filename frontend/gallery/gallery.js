/** The models of a server: the page that everybody sees first. */

import { GalleryFlow } from "./flow.js";

/** @param {import("../shell/flow.js").Shell} shell */
export function open(shell) {
  return new GalleryFlow(shell);
}
