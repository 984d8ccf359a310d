import * as say from "#words/parts";
import { html, nothing } from "lit";
import { live } from "../lib/live.js";
import { WiredElement } from "./input-element.js";
import "./servery-text-input.css";

/** Words: a box that grows with them, and how many characters are left. */
export class ServeryTextInput extends WiredElement {
  render() {
    const { input, wiring } = this;
    if (!input) return nothing;
    const limit = input.max_length ?? 0;
    const length = [...this.typed].length;
    return html`
      <label for=${wiring.id}>${input.label}</label>
      <textarea id=${wiring.id} rows="3" .value=${live(this.typed)}
        placeholder=${input.placeholder ?? nothing}
        aria-invalid=${wiring.invalid}
        aria-describedby=${`${wiring.described} ${wiring.id}-count`.trim()}
        @keydown=${submitOnEnter}></textarea>
      <span class="counter" id=${`${wiring.id}-count`} data-over=${length > limit ? "" : nothing}>
        ${say.characters(length, limit)}
      </span>
    `;
  }

  updated() {
    const box = this.querySelector("textarea");
    if (!box || CSS.supports("field-sizing", "content")) return;
    box.style.setProperty("block-size", "auto");
    box.style.setProperty("block-size", `${box.scrollHeight + 2}px`);
  }
}

customElements.define("servery-text-input", ServeryTextInput);

/**
 * Control or Command with Enter asks; Enter alone stays a new line.
 * @param {KeyboardEvent & {currentTarget: HTMLTextAreaElement}} event
 */
function submitOnEnter(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.currentTarget.form?.requestSubmit();
  }
}
