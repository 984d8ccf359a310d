import { html, nothing } from "lit";
import { live } from "../lib/live.js";
import { WiredElement } from "./input-element.js";

/** A few choices as buttons, one of which can be down. Property in, beside the others: `choices`. */
export class ServeryChoiceInput extends WiredElement {
  static properties = { ...WiredElement.properties, choices: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Category[]} */
    this.choices = [];
  }

  render() {
    const { input, wiring } = this;
    if (!input) return nothing;
    return html`
      <fieldset aria-invalid=${wiring.invalid} aria-describedby=${this.described}>
        <legend>${input.label}</legend>
        <div class="choices">
          ${this.choices.map(
            ({ value, label }) => html`
              <label>
                <input type="radio" name=${wiring.id} value=${String(value)}
                  .checked=${live(this.typed === String(value))} />
                <span>${label}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `;
  }
}

customElements.define("servery-choice-input", ServeryChoiceInput);
