import * as say from "#words/batch";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { percentRound } from "../lib/format.js";
import { sizeText } from "./words.js";

/** How much of a file is sent. Properties in: `upload`, `isAway`. Emits: `servery:batch`. */
export class ServeryBatchUpload extends PageElement {
  static properties = { upload: { attribute: false }, isAway: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./state.js").Batch["upload"]} */
    this.upload = null;
    this.isAway = false;
  }

  render() {
    if (!this.upload) return nothing;
    const { name, size_bytes, sent_bytes } = this.upload;
    const sent = Math.min(sent_bytes, size_bytes);
    const isSent = sent >= size_bytes && size_bytes > 0;
    return html`
      <div class="card at-work">
        <h2 id="batch-title" tabindex="-1">${isSent ? say.readingTheFile : say.sendingTheFile}</h2>
        <p class="help"><bdi>${name}</bdi>, ${sizeText(size_bytes)}</p>
        <progress aria-label=${say.bytesSent} data-away=${this.isAway ? "" : nothing} max=${size_bytes} value=${isSent ? nothing : sent}></progress>
        <p class="figures-line">
          <span>${isSent ? say.readingAndScoringTheFirst : say.sentOf(sizeText(sent), sizeText(size_bytes))}</span>
          <strong>${isSent ? "" : percentRound(size_bytes ? sent / size_bytes : 0)}</strong>
        </p>
        <p class="foot-line">
          <span class="help">${say.keepOpen}</span>
          <button type="button" @click=${() => this.emit("batch", ["cancel"])}>${say.cancel}</button>
        </p>
      </div>
    `;
  }
}

customElements.define("servery-batch-upload", ServeryBatchUpload);
