import * as say from "#words/parts";
import { html, nothing } from "lit";
import { live } from "../lib/live.js";
import { WiredElement } from "./input-element.js";

/** A day, or a day and a time, by the browser's own control. */
export class ServeryDateInput extends WiredElement {
  render() {
    const { input, wiring } = this;
    if (!input) return nothing;
    const isDay = input.type === "date";
    return html`
      <label for=${wiring.id}>${input.label}</label>
      <input id=${wiring.id} type=${isDay ? "date" : "datetime-local"} step=${isDay ? nothing : "1"}
        .value=${live(this.typed)} min=${input.minimum ?? nothing} max=${input.maximum ?? nothing}
        aria-invalid=${wiring.invalid} aria-describedby=${this.described} />
      ${"zone" in input && input.zone ? html`<p class="help">${say.localTime(input.zone)}</p>` : nothing}
    `;
  }
}

customElements.define("servery-date-input", ServeryDateInput);
