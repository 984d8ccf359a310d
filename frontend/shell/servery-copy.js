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
    this.label = "Copy";
    this.what = "";
    this.isDone = false;
  }

  render() {
    const isNamed = this.label.includes(this.what);
    return html`
      <button type="button" class="quiet copy" data-done=${this.isDone ? "" : nothing}
        @click=${this.#copy}>
        ${this.isDone ? "Copied" : this.label}${
          isNamed ? nothing : html`<span class="visually-hidden"> ${this.what}</span>`
        }
      </button>
      <dialog aria-label=${`Copy ${this.what}`}>
        <form method="dialog">
          <label>This browser does not allow copying. Copy the text yourself:
            <textarea readonly rows="4" .value=${this.text}></textarea>
          </label>
          <button>Close</button>
        </form>
      </dialog>
    `;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      this.querySelector("dialog")?.showModal();
      this.querySelector("textarea")?.select();
      return;
    }
    this.emit("announce", `${this.what} copied.`);
    this.isDone = true;
    setTimeout(() => {
      this.isDone = false;
    }, SHOWN_MS);
  }
}

customElements.define("servery-copy", ServeryCopy);
