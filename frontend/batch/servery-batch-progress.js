import { html, nothing } from "lit";
import { durationText, rowsText, shareDone, sizeText } from "./words.js";
import { PageElement } from "../lib/element.js";
import { count, percentRound } from "../lib/format.js";

/** @typedef {import("./state.js").Job} Job */

/** A worker that is there has done something by then. */
const STILL_MS = 8000;

/**
 * A job that somebody waits for: looked at, in the queue or being scored.
 * Properties in: `job`, `isAway`. Emits: `servery:batch`.
 */
export class ServeryBatchProgress extends PageElement {
  static properties = {
    job: { attribute: false },
    isAway: { attribute: false },
    isStill: { state: true },
  };

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    this.isAway = false;
    /** Nothing has happened for so long that something may be amiss. */
    this.isStill = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {Job | null | undefined} */ (changed.get("job"));
    if (!changed.has("job") || (before && reached(before) === reached(this.job))) return;
    clearTimeout(this.timer);
    this.isStill = false;
    this.timer = setTimeout(() => (this.isStill = true), STILL_MS);
  }

  render() {
    const { job } = this;
    if (!job) return nothing;
    const { problem } = job;
    const share = job.status === "running" ? shareDone(job) : null;
    return html`
      <div class="card at-work">
        <h2 id="batch-title" tabindex="-1">${problem ? problem.title : titleOf(job, this.isStill)}</h2>
        <p class="help"><bdi>${job.file.name}</bdi>, ${sizeText(job.file.size_bytes)}</p>
        <progress aria-label=${job.status === "running" ? "Rows scored" : "Not started"} max="1"
          data-away=${this.isAway ? "" : nothing} value=${share ?? nothing}></progress>
        <p class="figures-line">
          <span>${job.status === "waiting" && this.isStill ? "" : happening(job)}</span>
          <strong>${share === null ? "" : percentRound(share)}</strong>
        </p>
        ${problem ? html`<p class="to-act" role="status"><span>${problem.detail}</span></p>` : nothing}
        ${job.status === "running" ? pace(job) : nothing}
        ${this.isStill && !this.isAway && !problem ? still(job) : nothing}
        <p class="foot-line">
          <span class="help">You can close this page. ${job.status === "waiting" ? "" : "Scoring continues. "}Open this address again to see it.</span>
          <button type="button" @click=${() => this.emit("batch", ["forget"])}>Cancel</button>
        </p>
      </div>
    `;
  }
}

customElements.define("servery-batch-progress", ServeryBatchProgress);

/**
 * @param {Job} job
 * @param {boolean} isStill
 */
function titleOf({ status }, isStill) {
  if (status === "queued") return "Waiting for its turn";
  if (status === "running") return "Scoring";
  return isStill ? "Waiting to be read" : "Reading the file";
}

/** @param {Job | null} job */
function reached(job) {
  return `${job?.id} ${job?.status} ${job?.progress?.rows_done} ${job?.progress?.bytes_done}`;
}

/** @param {Job} job */
function happening({ status, progress }) {
  if (status === "waiting") return "Reading and scoring the first rows.";
  if (status === "queued") return "It starts as soon as a worker is free.";
  if (!progress) return "Starting.";
  const { rows_done, rows_total } = progress;
  return rows_total
    ? `${count(rows_done)} of ${rowsText(rows_total)}`
    : `${rowsText(rows_done)} so far`;
}

/** @param {Job} job */
function still({ status }) {
  const words =
    status === "running"
      ? "No progress for a while. If its worker has stopped, another one continues from here."
      : "Nothing has started yet. Other files may come first, or no worker is running.";
  return html`<p class="to-act" role="status"><span>${words} The administrator can start one with <code>servery worker</code>.</span></p>`;
}

/** @param {Job} job */
function pace({ progress }) {
  const { rows_per_s = 0, seconds_left = null } = progress ?? {};
  return html`
    <dl class="pace">
      <div><dt>Pace</dt><dd>${rows_per_s > 0 ? `${count(Math.round(rows_per_s))} rows per second` : "–"}</dd></div>
      <div><dt>Time left</dt><dd>${seconds_left === null ? "–" : `about ${durationText(seconds_left)}`}</dd></div>
    </dl>
  `;
}
