import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * A button that opens the files of this computer.
 * Properties in: `words`, `accept` (extensions; any file without). Emits: `servery:batch`.
 */
export class ServeryBatchChoose extends PageElement {
  static properties = { words: { attribute: false }, accept: { attribute: false } };

  constructor() {
    super();
    this.words = "";
    this.accept = "";
  }

  render() {
    if (!this.words) return nothing;
    return html`
      <label class="button primary choose">
        ${this.words}
        <input type="file" class="visually-hidden" accept=${this.accept || nothing} @change=${this.#choose} />
      </label>
    `;
  }

  /** @param {Event} event */
  #choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (file) this.emit("batch", ["upload", { blob: file, name: file.name }]);
    input.value = "";
  }
}

customElements.define("servery-batch-choose", ServeryBatchChoose);
