import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { quantity } from "../lib/format.js";
import "./servery-strip.js";

/** Where a predicted number lies among those of training. Properties in: `output`, `value`. */
export class ServeryPlace extends PageElement {
  static properties = { output: { attribute: false }, value: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    this.value = 0;
  }

  render() {
    const { output, value } = this;
    if (!output?.seen) return nothing;
    const { minimum, maximum } = output.seen;
    const range = { low: Math.min(minimum, value), high: Math.max(maximum, value) };
    return html`
      <figure class="place">
        <servery-strip .seen=${output.seen} .range=${range} .at=${value}></servery-strip>
        <figcaption>
          <span>${quantity(range.low, output.decimals)}</span>
          <span>among all outcomes in training</span>
          <span>${quantity(range.high, output.decimals)}</span>
        </figcaption>
      </figure>
    `;
  }
}

customElements.define("servery-place", ServeryPlace);
