import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { typedFor } from "../lib/draft.js";
import { resetText } from "./words.js";

/**
 * Sets one input to its typical value, where it has another. Properties in: `input`, `typed`.
 * Emits: `servery:type`.
 */
export class ServeryReset extends PageElement {
  static properties = { input: { attribute: false }, typed: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Input | null} */
    this.input = null;
    /** @type {string | null | undefined} */
    this.typed = undefined;
  }

  render() {
    const { input, typed } = this;
    if (!input || (input.typical === null && !input.missing_allowed)) return nothing;
    const typical = typedFor(input.typical);
    if ((typed === undefined ? "" : typed) === typical) return nothing;
    const words = resetText(input);
    return html`
      <button type="button" class="quiet" title=${words} @click=${() => this.#reset(input.name, typical)}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4v5h5M4.6 9A8 8 0 1 1 4 13"></path></svg>
        <span class="visually-hidden">${words}</span>
      </button>
    `;
  }

  /**
   * The button goes, so the focus goes to what it has set.
   * @param {string} name
   * @param {string | null} typed
   */
  #reset(name, typed) {
    this.emit("complete");
    this.emit("type", { name, typed });
    this.emit("complete");
    /** @type {HTMLElement | null | undefined} */
    const control = this.parentElement?.querySelector(
      "input:not([type=radio]), select, textarea, :checked, [type=radio]",
    );
    control?.focus();
  }
}

customElements.define("servery-reset", ServeryReset);
