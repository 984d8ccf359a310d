import { html, nothing } from "lit";
import { formOf } from "../ask/servery-form.js";
import { StateElement } from "../lib/element.js";
import "./servery-snippets.js";

/** The question of the form and the code that asks it, side by side. Property in: `state`. */
export class ServeryCode extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts || state.route.page !== "model") return nothing;
    return html`
      <div class="bench">
        ${formOf(state, facts)}
        <servery-snippets .state=${state}></servery-snippets>
      </div>
    `;
  }
}

customElements.define("servery-code", ServeryCode);
