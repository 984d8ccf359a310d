/** The lines of a file that a reason is about, in a row of their own below it. */

import { html, nothing } from "lit";
import { linesText } from "./words.js";

/**
 * Across the whole table, so that they stay readable on a phone; not within the head of the row,
 * which a screen reader says with every cell.
 * @param {string} named the reason, for who hears the row alone
 * @param {import("../lib/types.js").Reason} reason
 */
export function linesBelow(named, reason) {
  const lines = linesText(reason);
  if (!lines) return nothing;
  return html`<tr class="lines-row"><td colspan="3"><span class="visually-hidden">${named}: </span><span class="lines">${lines}</span></td></tr>`;
}
