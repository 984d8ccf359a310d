import * as say from "#words/paste";
import { html } from "lit";
import { PageElement } from "../lib/element.js";
import "./servery-paste.css";

/** A box for a row of a table, or for JSON. Emits: `servery:paste` with its text. */
export class ServeryPaste extends PageElement {
  render() {
    return html`
      <label>
        ${say.pasteFormats}
        <textarea rows="2" data-paste spellcheck="false"></textarea>
      </label>
      <button type="button" @click=${this.#fill}>${say.fillIn}</button>
    `;
  }

  #fill() {
    this.emit("paste", this.querySelector("textarea")?.value ?? "");
  }
}

customElements.define("servery-paste", ServeryPaste);
