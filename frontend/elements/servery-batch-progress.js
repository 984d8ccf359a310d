import { html, nothing } from "lit";
import { durationSaid, rowsSaid, shareDone, sizeSaid } from "../lib/batch-words.js";
import { PageElement } from "../lib/element.js";
import { count, percentRound } from "../lib/format.js";

/** @typedef {import("../lib/batch.js").Job} Job */

/** How far a job is. Properties in: `job`, `isAway`. Emits: `servery:batch`. */
export class ServeryBatchProgress extends PageElement {
  static properties = { job: { attribute: false }, isAway: { attribute: false } };

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    this.isAway = false;
  }

  render() {
    const { job } = this;
    if (!job) return nothing;
    const { problem } = job;
    const isQueued = job.status === "queued" && !problem;
    const share = shareDone(job);
    return html`
      <div class="card at-work">
        <h2 id="batch-title" tabindex="-1">${problem ? problem.title : isQueued ? "Waiting for its turn" : "Scoring"}</h2>
        <p class="help">${job.file.name}, ${sizeSaid(job.file.size_bytes)}</p>
        <progress aria-label="Rows scored" max="1" data-away=${this.isAway ? "" : nothing}
          value=${isQueued || share === null ? nothing : share}></progress>
        <p class="figures-line">
          <span>${isQueued ? "Other files are scored first." : rows(job)}</span>
          <strong>${share === null || isQueued ? "" : percentRound(share)}</strong>
        </p>
        ${problem ? html`<p class="to-settle">${problem.detail}</p>` : isQueued ? nothing : pace(job)}
        <p class="foot-line">
          <span class="help">You can close this page: the scoring goes on, and this address shows it again.</span>
          <button type="button" @click=${() => this.wish("batch", ["forget"])}>Cancel</button>
        </p>
      </div>
    `;
  }
}

customElements.define("servery-batch-progress", ServeryBatchProgress);

/** @param {Job} job */
function rows({ progress }) {
  if (!progress) return "Starting.";
  const { rows_done, rows_total } = progress;
  return rows_total
    ? `${count(rows_done)} of ${rowsSaid(rows_total)}`
    : `${rowsSaid(rows_done)} so far`;
}

/** @param {Job} job */
function pace({ progress }) {
  const { rows_per_s = 0, seconds_left = null } = progress ?? {};
  return html`
    <dl class="pace">
      <div><dt>Pace</dt><dd>${rows_per_s > 0 ? `${count(Math.round(rows_per_s))} rows per second` : "–"}</dd></div>
      <div><dt>Time left</dt><dd>${seconds_left === null ? "–" : `about ${durationSaid(seconds_left)}`}</dd></div>
    </dl>
  `;
}
