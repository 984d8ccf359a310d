import * as common from "#words/common";
import * as say from "#words/shell";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { isServerFault } from "../lib/retry.js";

/** @type {Record<string, [string, string]>} */
const WORDS = {
  "unknown-page": [say.nothingHere, say.outdatedLink],
  unreachable: [say.unreachable, say.retrying],
  empty: [say.noModelsYet, say.howToAdd],
};

/** A state in which nothing can be shown, in words. Properties in: `kind` or `problem`;
 * `home` where this is the gallery already. */
export class ServeryProblem extends PageElement {
  static properties = {
    kind: { type: String },
    problem: { attribute: false },
    home: { type: Boolean },
  };

  constructor() {
    super();
    this.kind = "";
    /** @type {import("../lib/types.js").Problem | null} */
    this.problem = null;
    this.home = false;
  }

  render() {
    const [title, detail] = this.problem
      ? [this.problem.title, this.problem.detail]
      : (WORDS[this.kind] ?? WORDS["unknown-page"]);
    const isPassing =
      this.kind === "unreachable" || this.problem?.retry_after_s || isServerFault(this.problem);
    return html`
      <section class="problem" data-kind=${this.kind || "refused"}>
        <h1>${title}</h1>
        <p>${detail}</p>
        ${this.kind === "empty" ? html`<pre tabindex="0"><code>servery serve path/to/models</code></pre>` : nothing}
        ${this.problem?.request_id ? html`<p class="small">${common.request} <code>${this.problem.request_id}</code></p>` : nothing}
        <p class="actions">
          ${isPassing ? html`<button type="button" @click=${() => this.emit("retry")}>${common.tryAgainNow}</button>` : nothing}
          ${this.kind === "empty" ? html`<a class="button" href="#/add">${common.addYourModel}</a>` : nothing}
          ${this.home ? nothing : html`<a class="button" href="#/">${say.allModels}</a>`}
        </p>
      </section>
    `;
  }
}

customElements.define("servery-problem", ServeryProblem);
