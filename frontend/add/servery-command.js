import * as common from "#words/common";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { lineOf } from "./publish-form.js";
import "../shell/servery-copy.js";

/**
 * One command to copy, with the reader's own words marked. Properties in: `pieces`, `what` it is.
 */
export class ServeryCommand extends PageElement {
  static properties = { pieces: { attribute: false }, what: { type: String } };

  constructor() {
    super();
    /** @type {import("./publish-form.js").Piece[]} */
    this.pieces = [];
    this.what = "";
  }

  render() {
    return html`
      <div class="command">
        <code>${this.pieces.map(piece)}</code>
        <servery-copy .text=${lineOf(this.pieces)} label=${common.copy} what=${this.what}></servery-copy>
      </div>
    `;
  }
}

customElements.define("servery-command", ServeryCommand);

/**
 * @param {import("./publish-form.js").Piece} piece
 * @param {number} at
 */
function piece({ plain, filled }, at) {
  return html`${at > 0 ? " " : nothing}<span>${plain}${filled ? html` <b>${filled}</b>` : nothing}</span>`;
}
