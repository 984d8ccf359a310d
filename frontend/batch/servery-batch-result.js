import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { fileAddress } from "./api.js";
import { linesBelow } from "./lines.js";
import {
  detailText,
  doneText,
  faultNamed,
  extensionsText,
  formatTitle,
  inputNamed,
  remarkText,
  sizeText,
  thresholdText,
} from "./words.js";
import { PlottedElement } from "../plots/plotted-element.js";
import { count } from "../lib/format.js";
import "./servery-batch-choose.js";
import "./servery-batch-keeping.js";

/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("../lib/types.js").JobSummary} Summary */
/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * What became of a file: its result to download, and what did not fit.
 * Properties in: `facts`, `batch`, `formats`, `afresh` (an address). Emits: `servery:batch`.
 */
export class ServeryBatchResult extends PlottedElement {
  static properties = {
    ...PlottedElement.properties,
    facts: { attribute: false },
    batch: { attribute: false },
    formats: { attribute: false },
    afresh: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("./state.js").Batch | null} */
    this.batch = null;
    /** @type {import("./state.js").TableFormats | null} */
    this.formats = null;
    this.afresh = "";
  }

  fetchPlots() {
    return import("./summary.js");
  }

  render() {
    const { facts, batch, formats } = this;
    const job = batch?.job;
    if (!facts || !job || !formats) return nothing;
    if (job.status !== "done" || !job.summary) return this.#ended(facts, job, formats);
    const { summary } = job;
    const isNone = summary.bad_rows > 0 && summary.bad_rows === summary.rows;
    const result = html`<a class="button ${isNone ? "" : "primary"}" href=${fileAddress(job.id, "result")} download>${say.downloadTheResult}<span class="as"> ${formatTitle(formats, job.to)}</span></a>`;
    const errors =
      summary.bad_rows > 0
        ? html`<a class="button ${isNone ? "primary" : ""}" href=${fileAddress(job.id, "errors")} download>${say.downloadBadRows(summary.bad_rows)}</a>`
        : nothing;
    return html`
      <div class="card done">
        <header>
          <h2 id="batch-title" tabindex="-1">${doneText(summary)}</h2>
          ${fileOf(job)}
        </header>
        <p class="actions" @click=${this.#download}>
          ${isNone ? [errors, result] : [result, errors]}
          ${job.target.length > 0 ? html`<a class="button" href=${fileAddress(job.id, "evaluation.html")} download>${say.downloadTheEvaluation}</a>` : nothing}
          <a class="button" href=${this.afresh}>${say.anotherFile}</a>
        </p>
        ${summary.threshold ? html`<p class="notice">${thresholdText(facts, summary.threshold)}</p>` : nothing}
        ${summary.neutralised > 0 ? neutralised(summary.neutralised) : nothing}
        <servery-batch-keeping .job=${job}></servery-batch-keeping>
      </div>
      ${summary.bad_rows > 0 ? bad(facts, summary) : nothing}
      ${this.#plotted(facts, batch, summary)}
    `;
  }

  /** @param {MouseEvent & {target: Element}} event */
  #download(event) {
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[download]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.emit("batch", ["download", link.href]);
  }

  /**
   * @param {Facts} facts
   * @param {Job} job
   * @param {import("./state.js").TableFormats} formats
   */
  #ended(facts, job, formats) {
    const isFailed = job.status !== "cancelled";
    const title = isFailed ? (job.problem?.title ?? say.scoringFailed) : say.scoringWasCancelled;
    return html`
      <div class="card done">
        <header>
          <h2 id="batch-title" tabindex="-1">${title}</h2>
          ${fileOf(job)}
        </header>
        ${isFailed ? html`<p class="broken" role="alert">${job.problem ? detailText(facts, job.problem) : say.theServerGaveNoReason}</p>` : html`<p>${say.cancelledText}</p>`}
        <div class="actions">
          <servery-batch-choose .words=${say.chooseAnotherFile} .accept=${extensionsText(formats)}></servery-batch-choose>
          <a class="button" href=${this.afresh}>${say.expectedColumns}</a>
        </div>
        ${isFailed ? html`<servery-batch-keeping .job=${job}></servery-batch-keeping>` : nothing}
      </div>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {import("./state.js").Batch} batch
   * @param {Summary} summary
   */
  #plotted(facts, { evaluation }, summary) {
    if (summary.rows === summary.bad_rows) return nothing;
    return this.plotted(
      () => html`
        ${evaluation ? html`<servery-batch-evaluation .facts=${facts} .evaluation=${evaluation}></servery-batch-evaluation>` : nothing}
        <servery-batch-summary .facts=${facts} .summary=${summary}></servery-batch-summary>
      `,
    );
  }
}

/** So many rows that did not fit have room; the style sheet counts as well. */
const SHOWN = 8;

customElements.define("servery-batch-result", ServeryBatchResult);

/** @param {Job} job */
function fileOf({ file, version, status }) {
  const by = version && status === "done" ? `, ${say.byVersion(version)}` : "";
  return html`<p class="help"><bdi>${file.name}</bdi>, ${sizeText(file.size_bytes)}${by}</p>`;
}

/** @param {number} cells */
function neutralised(cells) {
  return html`
    <p class="notice">
      ${say.neutralised(cells)}
    </p>
  `;
}

/**
 * @param {Facts} facts
 * @param {Summary} summary
 */
function bad(facts, { bad_rows, bad: reasons, first_bad: first }) {
  return html`
    <section class="card" aria-label=${say.rowsThatDidNotFit}>
      <div class="card-head">
        <h3>${say.rowsThatDidNotFit}</h3>
        <p class="help">${say.cameBackEmpty(bad_rows)}</p>
      </div>
      <div class="bad-tables">
        <div class="scroll" tabindex="0" role="region" aria-label=${say.whyByInput}>
        <table class="reasons">
          <caption>${say.whyByInput}</caption>
          <thead>
            <tr><th scope="col">${common.input}</th><th scope="col">${say.reason}</th><th scope="col">${common.rows}</th></tr>
          </thead>
          <tbody>
            ${reasons.map((reason) => {
              const [input, fault] = [inputNamed(facts, reason.input), faultNamed(reason.code)];
              return html`
                <tr><th scope="row">${input}</th><td>${fault}</td><td>${count(reason.rows)}</td></tr>
                ${linesBelow(`${input}, ${fault}`, reason)}
              `;
            })}
          </tbody>
        </table>
        </div>
        ${first.length > 0 ? firstRows(facts, first, bad_rows) : nothing}
      </div>
    </section>
  `;
}

/**
 * @param {Facts} facts
 * @param {readonly import("../lib/types.js").BadRow[]} first
 * @param {number} bad_rows
 */
function firstRows(facts, first, bad_rows) {
  const title = first.length < bad_rows ? say.firstByLine(first.length) : say.eachByLine;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="first-bad">
        <caption>${title}${first.length > SHOWN ? `. ${say.scrollForMore}` : ""}</caption>
        <thead>
          <tr><th scope="col">${say.line}</th><th scope="col">${say.whatDoesNotFit}</th></tr>
        </thead>
        <tbody>
          ${first.map(
            ({ line, remarks, more }) => html`
              <tr>
                <th scope="row">${line}</th>
                <td>
                  ${remarks.map((each) => html`<span class="point">${remarkText(facts, each)}</span>`)}
                  ${more > 0 ? html`<span class="point help">${say.andMore(more)}</span>` : nothing}
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
