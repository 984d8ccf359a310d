import * as common from "#words/common";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * A quiet line for something beside the answer that did not come. Properties in: `look`, `wanted`,
 * `words` (that it could not be loaded).
 */
export class ServeryError extends PageElement {
  static properties = {
    look: { attribute: false },
    wanted: {},
    words: {},
  };

  constructor() {
    super();
    /** @type {import("./state.js").Look<any> | null} */
    this.look = null;
    /** @type {import("./state.js").Part} */
    this.wanted = "explanation";
    this.words = "";
  }

  render() {
    if (this.look?.status !== "failed") return nothing;
    return html`
      <p class="error-line">
        <span>${this.words} ${this.look.detail}</span>
        <button type="button" class="quiet" @click=${() => this.emit("look", this.wanted)}>${common.tryAgain}</button>
      </p>
    `;
  }
}

customElements.define("servery-error", ServeryError);
