import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * A quiet line for something beside the answer that did not come. Properties in: `look`, `wanted`,
 * `what` (its name, to begin a sentence).
 */
export class ServeryError extends PageElement {
  static properties = {
    look: { attribute: false },
    wanted: {},
    what: {},
  };

  constructor() {
    super();
    /** @type {import("./state.js").Look<any> | null} */
    this.look = null;
    /** @type {import("./state.js").Part} */
    this.wanted = "explanation";
    this.what = "";
  }

  render() {
    if (this.look?.status !== "failed") return nothing;
    return html`
      <p class="error-line">
        <span>Could not load ${this.what}. ${this.look.detail}</span>
        <button type="button" class="quiet" @click=${() => this.emit("look", this.wanted)}>Try again</button>
      </p>
    `;
  }
}

customElements.define("servery-error", ServeryError);
