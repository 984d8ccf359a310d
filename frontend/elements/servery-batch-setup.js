import { html, nothing } from "lit";
import { fileSaid, FORMATS } from "../lib/batch-words.js";
import { lacking } from "../lib/batch.js";
import { PageElement } from "../lib/element.js";
import "./servery-batch-match.js";
import "./servery-batch-preview.js";
import "./servery-batch-reading.js";

/** @typedef {import("../lib/batch.js").Batch} Batch */
/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * Before the first row is scored for good: how the file is understood, and what that gives.
 * Properties in: `facts`, `batch`, `afresh` (an address). Emits: `servery:batch`.
 */
export class ServeryBatchSetup extends PageElement {
  static properties = {
    facts: { attribute: false },
    batch: { attribute: false },
    afresh: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Batch | null} */
    this.batch = null;
    this.afresh = "";
  }

  render() {
    const { facts, batch } = this;
    const job = batch?.job;
    if (!facts || !batch || !job) return nothing;
    const isRead = job.header.length > 0;
    return html`
      <header class="file-head">
        <div>
          <h2 id="batch-title" tabindex="-1">${job.file.name}</h2>
          <p class="help">${fileSaid(job)}</p>
        </div>
        <a class="button" href=${this.afresh}>Another file</a>
      </header>
      <servery-batch-reading .facts=${facts} .batch=${batch}></servery-batch-reading>
      ${batch.problem ? refusal(batch.problem) : nothing}
      ${
        isRead
          ? html`<servery-batch-match .facts=${facts} .job=${job}></servery-batch-match>`
          : nothing
      }
      ${
        job.preview
          ? html`<servery-batch-preview .facts=${facts} .job=${job} .isStale=${batch.isChanging}></servery-batch-preview>`
          : nothing
      }
      ${isRead ? this.#foot(facts, batch) : nothing}
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Batch} batch
   */
  #foot(facts, { job, isChanging }) {
    if (!job) return nothing;
    const hindrance = hindranceOf(facts, job);
    return html`
      <footer class="start">
        <label>Result as
          <select @change=${this.#chooseFormat}>
            ${Object.entries(FORMATS).map(
              ([value, words]) =>
                html`<option value=${value} .selected=${value === job.to}>${words}</option>`,
            )}
          </select>
        </label>
        <p class="help" id="batch-hindrance" data-hinders=${hindrance ? "" : nothing}>${hindrance || "All columns come back in their order, with the prediction after them."}</p>
        <button type="button" class="primary" ?disabled=${!!hindrance || isChanging}
          aria-describedby="batch-hindrance"
          @click=${() => this.wish("batch", ["change", { start: true }])}>Score all rows</button>
      </footer>
    `;
  }

  /** @param {Event} event */
  #chooseFormat(event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    this.wish("batch", ["change", { to: value }]);
  }
}

customElements.define("servery-batch-setup", ServeryBatchSetup);

/**
 * @param {Facts} facts
 * @param {import("../lib/batch.js").Job} job
 * @returns {string} what has to be done first
 */
function hindranceOf(facts, job) {
  const needed = lacking(facts, job).filter((input) => !input.missing_allowed);
  const [first] = needed;
  if (first && needed.length === 1) return `First choose the column of ${first.label}.`;
  if (first) return `First choose the columns of ${needed.length} inputs.`;
  return job.problem ? "First settle what is asked above." : "";
}

/** @param {import("../lib/types.js").Problem} problem */
function refusal({ title, detail, errors }) {
  return html`
    <div class="broken" role="alert">
      <h3>${title}</h3>
      <p>${detail}</p>
      ${errors.length > 0 ? html`<ul class="points">${errors.map((each) => html`<li>${each.detail}</li>`)}</ul>` : nothing}
    </div>
  `;
}
