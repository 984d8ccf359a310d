import * as say from "#words/inputs";
import { html, nothing } from "lit";
import { live } from "../lib/live.js";
import { WiredElement } from "./input-element.js";

/** @typedef {import("../lib/types.js").Category} Category */

const RARE = 30;

/** Many choices as a native list; says which ones training hardly saw. */
export class ServeryCategoryInput extends WiredElement {
  render() {
    const { input, wiring } = this;
    if (!input) return nothing;
    const categories = input.categories ?? [];
    const isKnown = categories.some(({ value }) => String(value) === this.typed);
    return html`
      <label for=${wiring.id}>${input.label}</label>
      <select id=${wiring.id} .value=${live(this.typed)} aria-invalid=${wiring.invalid}
        aria-describedby=${this.described}>
        <option value="" ?selected=${this.typed === ""}>${wiring.typed === null ? say.notKnown : say.choose}</option>
        ${this.typed && !isKnown ? html`<option value=${this.typed} selected>${say.unseen(this.typed)}</option>` : nothing}
        ${categories.map(
          (category) => html`
            <option value=${String(category.value)} ?selected=${String(category.value) === this.typed}>
              ${words(category)}
            </option>
          `,
        )}
      </select>
    `;
  }
}

customElements.define("servery-category-input", ServeryCategoryInput);

/** @param {Category} category */
function words({ label, count: rows }) {
  return rows === null || rows >= RARE ? label : say.rare(label, rows);
}
