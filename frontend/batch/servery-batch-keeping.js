import * as say from "#words/batch";
import { html, nothing } from "lit";
import { keptText } from "./words.js";
import { PageElement } from "../lib/element.js";

/**
 * How long a job is kept, and the way to delete it before that: asked once more, since it is gone
 * for everybody then. Property in: `job`. Emits: `servery:batch`.
 */
export class ServeryBatchKeeping extends PageElement {
  static properties = { job: { attribute: false }, isAsking: { state: true } };

  constructor() {
    super();
    /** @type {import("./state.js").Job | null} */
    this.job = null;
    this.isAsking = false;
  }

  render() {
    if (!this.job) return nothing;
    return this.isAsking ? this.#question() : this.#state(this.job);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    // The button that was pressed is gone.
    if (changed.get("isAsking") !== undefined) this.querySelector("button")?.focus();
  }

  /** @param {import("./state.js").Job} job */
  #state(job) {
    return html`
      <p class="foot-line">
        <span class="help">${keptText(job)}</span>
        <button type="button" class="quiet" @click=${() => (this.isAsking = true)}>${say.deleteNow}</button>
      </p>
    `;
  }

  #question() {
    return html`
      <p class="to-act">
        <span>${say.deleteQuestion}</span>
        <span class="chips">
          <button type="button" @click=${() => (this.isAsking = false)}>${say.keepIt}</button>
          <button type="button" class="risky" @click=${() => this.emit("batch", ["forget"])}>${say.deleteIt}</button>
        </span>
      </p>
    `;
  }
}

customElements.define("servery-batch-keeping", ServeryBatchKeeping);
