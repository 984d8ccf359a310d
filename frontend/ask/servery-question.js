import { html } from "lit";
import { typedIn } from "../lib/draft.js";
import { typedText } from "../inputs/instance.js";
import { PageElement } from "../lib/element.js";

/** @typedef {import("../lib/types.js").Input} Input */

/** The inputs as they were asked. Properties in: `inputs`, `asked`. */
export class ServeryQuestion extends PageElement {
  static properties = { inputs: { attribute: false }, asked: { attribute: false } };

  constructor() {
    super();
    /** @type {Input[]} */
    this.inputs = [];
    /** @type {import("../lib/types.js").Draft} */
    this.asked = {};
  }

  render() {
    return html`
      <details class="asked">
        <summary>Inputs used</summary>
        <dl class="facts">
          ${this.inputs.map((input) => html`<div><dt>${input.label}</dt><dd>${typedText(input, typedIn(this.asked, input.name))}</dd></div>`)}
        </dl>
      </details>
    `;
  }
}

customElements.define("servery-question", ServeryQuestion);
