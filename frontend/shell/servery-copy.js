import * as common from "#words/common";
import * as say from "#words/shell";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

const SHOWN_MS = 2000;

/**
 * Copies a text; where the browser forbids it, shows the text to copy by hand.
 * Properties in: `text`, `label`, `what` is copied. Emits: `servery:announce`.
 */
export class ServeryCopy extends PageElement {
  static properties = {
    text: { attribute: false },
    label: { type: String },
    what: { type: String },
    isDone: { state: true },
  };

  constructor() {
    super();
    this.text = "";
    this.label = common.copy;
    this.what = "";
    this.isDone = false;
  }

  render() {
    const isNamed = this.label.includes(this.what);
    return html`
      <button type="button" class="quiet copy" data-done=${this.isDone ? "" : nothing}
        @click=${this.#copy}>
        ${this.isDone ? say.copied : this.label}${
          isNamed ? nothing : html`<span class="visually-hidden"> ${this.what}</span>`
        }
      </button>
    `;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      const byHand = await import("./copy-by-hand.js");
      return byHand.show(this);
    }
    this.emit("announce", say.copiedText(this.what));
    this.isDone = true;
    setTimeout(() => {
      this.isDone = false;
    }, SHOWN_MS);
  }
}

customElements.define("servery-copy", ServeryCopy);
