import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import "./servery-category-input.js";
import "./servery-choice-input.js";
import "./servery-date-input.js";
import "./servery-number-input.js";
import "./servery-text-input.js";

/** @typedef {import("../lib/types.js").Input} Input */

const FEW = 4;
const YES_NO = [
  { value: true, label: "Yes", count: null },
  { value: false, label: "No", count: null },
];

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
      <div class="field" data-type=${input.type} data-fault=${this.fault ? "" : nothing}
        @input=${this.#typed}>
        ${control(input, this.#wiring(input))}
        ${this.fault ? html`<p class="fault" id=${`${this.#id}-fault`}>${this.fault.detail}</p>` : nothing}
        ${input.help ? html`<p class="help" id=${`${this.#id}-help`}>${input.help}</p>` : nothing}
        ${input.missing_allowed ? this.#notKnown() : nothing}
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

  #notKnown() {
    return html`
      <label class="not-known">
        <input type="checkbox" .checked=${this.typed === null} @input=${this.#toggle} />
        Not known<span class="visually-hidden">: ${this.input?.label}</span>
      </label>
    `;
  }

  /** @param {Event & {target: HTMLInputElement}} event */
  #toggle(event) {
    event.stopPropagation();
    this.wish("type", { name: this.input?.name, typed: event.target.checked ? null : "" });
  }

  /** @param {Event} event */
  #typed(event) {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    this.wish("type", { name: this.input?.name, typed: value });
  }
}

customElements.define("servery-field", ServeryField);

/**
 * The control for a type of input; each emits a native `input` event.
 * @param {Input} input
 * @param {{id: string, typed: string | null | undefined, invalid: boolean, described: string}} wiring
 */
function control(input, wiring) {
  switch (input.type) {
    case "number":
    case "integer":
      return html`<servery-number-input .input=${input} .wiring=${wiring}></servery-number-input>`;
    case "boolean":
      return html`<servery-choice-input .input=${input} .choices=${YES_NO} .wiring=${wiring}></servery-choice-input>`;
    case "category":
      return (input.categories?.length ?? 0) <= FEW && isAmong(input, wiring.typed)
        ? html`<servery-choice-input .input=${input} .choices=${input.categories} .wiring=${wiring}></servery-choice-input>`
        : html`<servery-category-input .input=${input} .wiring=${wiring}></servery-category-input>`;
    case "date":
    case "datetime":
      return html`<servery-date-input .input=${input} .wiring=${wiring}></servery-date-input>`;
    default:
      return html`<servery-text-input .input=${input} .wiring=${wiring}></servery-text-input>`;
  }
}

/**
 * @param {Input} input
 * @param {string | null | undefined} typed
 */
function isAmong(input, typed) {
  return !typed || input.categories?.some((category) => String(category.value) === typed);
}
