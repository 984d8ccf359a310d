import { html } from "lit";
import { PageElement } from "../lib/element.js";

/** Copies the address, which holds the whole question. */
export class ServeryShare extends PageElement {
  render() {
    return html`
      <button type="button" class="quiet" @click=${this.#share}>Share</button>
      <dialog aria-label="Address to share">
        <form method="dialog">
          <label>Copy this address<input readonly size="40" /></label>
          <button>Close</button>
        </form>
      </dialog>
    `;
  }

  async #share() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.wish("notice", "Address copied. It holds this very question.");
    } catch {
      this.#show();
    }
  }

  #show() {
    const field = this.querySelector("input");
    this.querySelector("dialog")?.showModal();
    if (!field) return;
    field.value = location.href;
    field.select();
  }
}

customElements.define("servery-share", ServeryShare);
