import * as say from "#words/paste";
import { html } from "lit";
import { pastedRow } from "../inputs/paste.js";
import { looksLikeRow } from "../inputs/row-text.js";
import { PageElement } from "../lib/element.js";
import "./servery-paste.css";

/**
 * Fills a form from a row of a table, or from JSON: from its box, and from what is pasted anywhere
 * in the form. Properties in: `inputs`, `draft`. Emits: `servery:fill` or `servery:notice`.
 */
export class ServeryPaste extends PageElement {
  static properties = { inputs: { attribute: false }, draft: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Input[]} */
    this.inputs = [];
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    this.connection = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    this.connection = new AbortController();
    const { signal } = this.connection;
    // On the document, because a paste with nothing in focus never passes through the form.
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.connection.abort();
  }

  render() {
    const fill = () => this.#fillFrom(this.querySelector("textarea")?.value ?? "");
    return html`
      <label>
        ${say.pasteFormats}
        <textarea rows="2" data-paste spellcheck="false"></textarea>
      </label>
      <button type="button" @click=${fill}>${say.fillIn}</button>
    `;
  }

  /**
   * A row goes into the form wherever it is pasted, but never out of a text that somebody writes.
   * @param {ClipboardEvent} event
   */
  #paste(event) {
    const { target } = event;
    const form = this.closest("form");
    const isHere = target instanceof Node && (target === document.body || form?.contains(target));
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isHere || target instanceof HTMLTextAreaElement || !looksLikeRow(text)) return;
    event.preventDefault();
    this.#fillFrom(text);
  }

  /** @param {string} text */
  #fillFrom(text) {
    const { draft, notice } = pastedRow(text, this.inputs);
    if (draft) this.emit("fill", { draft: { ...this.draft, ...draft }, notice });
    else this.emit("notice", notice);
  }
}

customElements.define("servery-paste", ServeryPaste);
