import * as say from "#words/inputs";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { typeOf } from "./types.js";

/** @typedef {import("../lib/types.js").Input} Input */

/**
 * One input with its label, help, fault and, where the model can do without it, "Not known".
 * Properties in: `input`, `at` (its place, for ids), `typed`, `fault`.
 */
export class ServeryField extends PageElement {
  static properties = {
    input: { attribute: false },
    at: { attribute: false },
    typed: { attribute: false },
    fault: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Input | null} */
    this.input = null;
    this.at = 0;
    /** @type {string | null | undefined} */
    this.typed = undefined;
    /** @type {import("../lib/types.js").Fault | null} */
    this.fault = null;
  }

  render() {
    const input = this.input;
    if (!input) return nothing;
    return html`
      <div class="field" data-type=${input.type} @input=${this.#typed}>
        ${typeOf(input).control(input, this.#wiring(input))}
        ${this.fault ? this.#fault(this.fault) : nothing}
        ${input.help ? html`<p class="help" id=${`${this.#id}-help`}>${input.help}</p>` : nothing}
        ${input.missing_allowed ? this.#notKnown() : nothing}
        <servery-reset .input=${input} .typed=${this.typed}></servery-reset>
      </div>
    `;
  }

  get #id() {
    return `input-${this.at}`;
  }

  /** @param {Input} input */
  #wiring(input) {
    const described = [this.fault && `${this.#id}-fault`, input.help && `${this.#id}-help`];
    return {
      id: this.#id,
      typed: this.typed,
      invalid: this.fault !== null,
      described: described.filter(Boolean).join(" "),
    };
  }

  /** @param {import("../lib/types.js").Fault} fault */
  #fault({ detail, fixes }) {
    return html`
      <p class="fault" id=${`${this.#id}-fault`}>${detail}</p>
      ${fixes ? html`<p class="fixes">${fixes.map((typed) => this.#fix(typed))}</p>` : nothing}
    `;
  }

  /** @param {string} typed */
  #fix(typed) {
    const fix = () => this.emit("type", { name: this.input?.name, typed });
    return html`<button type="button" @click=${fix}>${say.useReading(typed)}</button>`;
  }

  #notKnown() {
    return html`
      <label class="not-known">
        <input type="checkbox" .checked=${this.typed === null} @input=${this.#toggle} />
        ${say.notKnown}<span class="visually-hidden">: ${this.input?.label}</span>
      </label>
    `;
  }

  /** @param {Event & {target: HTMLInputElement}} event */
  #toggle(event) {
    event.stopPropagation();
    this.emit("type", { name: this.input?.name, typed: event.target.checked ? null : "" });
  }

  /** @param {Event} event */
  #typed(event) {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    this.emit("type", { name: this.input?.name, typed: value });
  }
}

customElements.define("servery-field", ServeryField);
