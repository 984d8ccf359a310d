import { html } from "lit";
import { typedIn } from "../inputs/draft.js";
import { PageElement } from "../lib/element.js";

/** @typedef {import("../lib/types.js").Input} Input */

/** The inputs as they were asked. Properties in: `inputs`, `asked`. */
export class ServeryAsked extends PageElement {
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
        <summary>As asked</summary>
        <dl class="facts">
          ${this.inputs.map((input) => html`<div><dt>${input.label}</dt><dd>${words(input, typedIn(this.asked, input.name))}</dd></div>`)}
        </dl>
      </details>
    `;
  }
}

customElements.define("servery-asked", ServeryAsked);

/**
 * @param {Input} input
 * @param {string | null | undefined} typed
 */
function words(input, typed) {
  if (typed === null || typed === undefined || typed === "") return "not known";
  if (input.type === "boolean") return typed === "true" ? "yes" : "no";
  const label = input.categories?.find(({ value }) => String(value) === typed)?.label;
  return `${label ?? typed}${input.unit ? ` ${input.unit}` : ""}`;
}
