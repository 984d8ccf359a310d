import * as say from "#words/batch";
import { html, nothing } from "lit";
import { fileText, isInstalled, returnedText } from "./words.js";
import { isMoving, lacking } from "./state.js";
import { PageElement } from "../lib/element.js";
import "./servery-batch-match.js";
import "./servery-batch-preview.js";
import "./servery-batch-reading.js";
import "./servery-batch-returned.js";

/** @typedef {import("./state.js").Batch} Batch */
/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * Before the first row is scored for good: how the file is understood, and what that gives.
 * Properties in: `facts`, `batch`, `formats`, `afresh` (an address). Emits: `servery:batch`.
 */
export class ServeryBatchSetup extends PageElement {
  static properties = {
    facts: { attribute: false },
    batch: { attribute: false },
    formats: { attribute: false },
    afresh: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Batch | null} */
    this.batch = null;
    /** @type {import("./state.js").TableFormats | null} */
    this.formats = null;
    this.afresh = "";
  }

  render() {
    const { facts, batch, formats } = this;
    if (!facts || !batch?.job || !formats) return nothing;
    const isStale = batch.isChanging || isMoving(batch.job);
    const job = { ...batch.job, preview: batch.job.preview ?? batch.seen };
    const isRead = job.header.length > 0;
    return html`
      <header class="file-head">
        <div>
          <h2 id="batch-title" tabindex="-1" title=${job.file.name}><bdi>${job.file.name}</bdi></h2>
          <p class="help">${fileText(job, formats)}</p>
        </div>
        <a class="button" href=${this.afresh}>${say.anotherFile}</a>
      </header>
      <servery-batch-reading .facts=${facts} .batch=${batch} .formats=${formats}></servery-batch-reading>
      ${
        isRead
          ? html`<servery-batch-match .facts=${facts} .job=${job}></servery-batch-match>`
          : nothing
      }
      ${
        isRead && job.preview
          ? html`<servery-batch-preview .facts=${facts} .job=${job} .isStale=${isStale}></servery-batch-preview>`
          : nothing
      }
      ${isRead ? html`<servery-batch-returned .facts=${facts} .job=${job}></servery-batch-returned>` : nothing}
      ${isRead ? this.#foot(facts, batch, formats) : nothing}
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Batch} batch
   * @param {import("./state.js").TableFormats} formats
   */
  #foot(facts, { job, isStarting, unfit }, { formats }) {
    if (!job) return nothing;
    const hindrance = unfit ? say.firstFixMissing : hindranceOf(facts, job);
    return html`
      <footer class="start">
        ${this.#outcomes(facts, job)}
        <label>${say.resultAs}
          <select @change=${this.#chooseFormat}>
            ${formats
              .filter(isInstalled)
              .map(
                ({ name, title }) =>
                  html`<option value=${name} .selected=${name === job.to}>${title}</option>`,
              )}
          </select>
        </label>
        <p class="help" data-hinders=${hindrance ? "" : nothing}>
          <span id="batch-hindrance">${hindrance || returnedText(job)}</span>
          ${hindrance && !isMoving(job) ? html`<button type="button" class="link" @click=${this.#goThere}>${say.showMe}</button>` : nothing}
        </p>
        <button type="button" class="primary" ?disabled=${(!!hindrance && !unfit) || isStarting}
          aria-describedby="batch-hindrance"
          @click=${this.#start}>${isStarting ? say.startingNow : say.scoreAllRows}</button>
      </footer>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {import("./state.js").Job} job
   */
  #outcomes({ signature }, { extra, target }) {
    const isMeasured = ["classification", "regression"].includes(signature.output.task);
    if (!isMeasured || extra.length === 0) return nothing;
    return html`
      <label>${say.trueOutcomes}
        <select @change=${this.#chooseTarget}>
          <option value="" .selected=${target.length === 0}>${say.none}</option>
          ${extra.map((name) => html`<option value=${name} .selected=${name === target[0]}>${name}</option>`)}
        </select>
      </label>
    `;
  }

  /** @param {Event} event */
  #chooseTarget(event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    this.emit("batch", ["change", { target: value ? [value] : [] }]);
  }

  /** Corrected texts are sent when their field loses the focus, which pressing the button does. */
  #start() {
    if (this.batch?.unfit) this.#goThere();
    else this.emit("batch", ["change", { start: true }]);
  }

  /** To what has to be done first. */
  #goThere() {
    const first =
      this.querySelector("[aria-invalid]") ??
      this.querySelector(".to-settle button, .reading summary, .others summary");
    if (!(first instanceof HTMLElement)) return;
    first.closest("details")?.setAttribute("open", "");
    first.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #chooseFormat(event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    this.emit("batch", ["change", { to: value }]);
  }
}

customElements.define("servery-batch-setup", ServeryBatchSetup);

/**
 * @param {Facts} facts
 * @param {import("./state.js").Job} job
 * @returns {string} what has to be done first
 */
function hindranceOf(facts, job) {
  const needed = lacking(facts, job).filter((input) => !input.missing_allowed);
  const [first] = needed;
  if (first && needed.length === 1) return say.firstChooseColumn(first.label);
  if (first) return say.firstChooseColumns(needed.length);
  if (isMoving(job)) return say.readingTheFileAgain;
  return job.problem ? say.firstAnswer : "";
}
