import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { draftOf } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import { draftFrom } from "../lib/paste.js";
import "./servery-field.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Fault} Fault */

/** The inputs of a model, from its signature alone. Properties in: `facts`, `draft`, `faults`, `notice`. */
export class ServeryForm extends PageElement {
  static properties = {
    facts: { attribute: false },
    draft: { attribute: false },
    faults: { attribute: false },
    notice: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    /** @type {readonly Fault[]} */
    this.faults = [];
    this.notice = "";
  }

  render() {
    const facts = this.facts;
    if (!facts) return nothing;
    return html`
      <form aria-label="Inputs" novalidate @submit=${this.#submit} @paste=${this.#paste}>
        ${this.#starts(facts)}
        ${this.notice ? html`<p class="notice">${this.notice}</p>` : nothing}
        ${strays(this.faults, facts)}
        ${repeat(
          facts.signature.inputs,
          (input) => input.name,
          (input, at) => html`
            <servery-field
              .input=${input}
              .at=${at}
              .typed=${this.draft[input.name]}
              .fault=${this.faults.find((fault) => fault.input === input.name) ?? null}
            ></servery-field>
          `,
        )}
        <div class="actions">
          <button class="primary">Ask</button>
          ${this.#pasteBox()}
        </div>
      </form>
    `;
  }

  /** @param {Facts} facts */
  #starts({ examples, signature }) {
    const { inputs } = signature;
    const typical = Object.fromEntries(inputs.map((input) => [input.name, input.typical]));
    const hasTypical = inputs.every((input) => input.typical !== null || input.missing_allowed);
    const fill = (/** @type {Record<string, any>} */ values) => () =>
      this.wish("fill", { draft: draftOf(inputs, values) });
    return html`
      <div class="chips" role="group" aria-label="Examples">
        ${examples.map(
          ({ title, inputs: values }) =>
            html`<button type="button" class="chip" @click=${fill(values)}>${title}</button>`,
        )}
        ${hasTypical ? html`<button type="button" class="chip" data-plain @click=${fill(typical)}>Typical</button>` : nothing}
        <button type="button" class="chip" data-plain @click=${() => this.wish("fill", { draft: {} })}>
          Clear
        </button>
      </div>
    `;
  }

  #pasteBox() {
    return html`
      <details class="paste">
        <summary>Paste a row</summary>
        <label>
          CSV, TSV or JSON, with names or in the order above
          <textarea rows="2" data-paste spellcheck="false"></textarea>
        </label>
        <button type="button" @click=${this.#fillFromBox}>Fill in</button>
      </details>
    `;
  }

  #fillFromBox() {
    const box = /** @type {HTMLTextAreaElement | null} */ (this.querySelector("[data-paste]"));
    if (box && !this.#fillFrom(box.value)) {
      this.wish("notice", "Nothing filled in: this is no row for these inputs.");
    }
  }

  /** @param {string} text */
  #fillFrom(text) {
    const read = this.facts && draftFrom(text, this.facts.signature.inputs);
    if (read) this.wish("fill", { draft: { ...this.draft, ...read.draft }, notice: read.notice });
    return Boolean(read);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isProse = event.target instanceof HTMLTextAreaElement;
    const isRow = /[\t\n{]/.test(text.trim()) || (text.match(/[,;]/g)?.length ?? 0) > 1;
    if (!isProse && isRow && this.#fillFrom(text)) event.preventDefault();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    this.#focusFault = true;
    this.wish("ask");
  }

  #focusFault = false;

  updated() {
    if (!this.#focusFault || this.faults.length === 0) return;
    this.#focusFault = false;
    // The fields render after this form: their marks are there one turn later.
    requestAnimationFrame(() => {
      /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"))?.focus();
    });
  }
}

customElements.define("servery-form", ServeryForm);

/**
 * Faults that lie with no input of this form, such as a name in an old address.
 * @param {readonly Fault[]} faults
 * @param {Facts} facts
 */
function strays(faults, facts) {
  const names = new Set(facts.signature.inputs.map((input) => input.name));
  const stray = faults.filter((fault) => !fault.input || !names.has(fault.input));
  if (stray.length === 0) return nothing;
  return html`<ul class="faults">${stray.map((fault) => html`<li>${fault.detail}</li>`)}</ul>`;
}
