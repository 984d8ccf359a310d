import * as figures from "#words/figures";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { durationText, shareDone, sizeText } from "./words.js";
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
        <progress aria-label=${job.status === "running" ? say.rowsScored : say.notStarted} max="1"
          data-away=${this.isAway ? "" : nothing} value=${share ?? nothing}></progress>
        <p class="figures-line">
          <span>${job.status === "waiting" && this.isStill ? "" : happening(job)}</span>
          <strong>${share === null ? "" : percentRound(share)}</strong>
        </p>
        ${problem ? html`<p class="to-act" role="status"><span>${problem.detail}</span></p>` : nothing}
        ${job.status === "running" ? pace(job) : nothing}
        ${this.isStill && !this.isAway && !problem ? still(job) : nothing}
        <p class="foot-line">
          <span class="help">${job.status === "waiting" ? say.canCloseWaiting : say.canClose}</span>
          <button type="button" @click=${() => this.emit("batch", ["forget"])}>${say.cancel}</button>
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
  if (status === "queued") return say.waitingForItsTurn;
  if (status === "running") return say.scoring;
  return isStill ? say.waitingToBeRead : say.readingTheFile;
}

/** @param {Job | null} job */
function reached(job) {
  return `${job?.id} ${job?.status} ${job?.progress?.rows_done} ${job?.progress?.bytes_done}`;
}

/** @param {Job} job */
function happening({ status, progress }) {
  if (status === "waiting") return say.readingAndScoringTheFirst;
  if (status === "queued") return say.itStartsAsSoonAs;
  if (!progress) return say.starting;
  const { rows_done, rows_total } = progress;
  return rows_total
    ? say.doneOf(count(rows_done), figures.rowCount(rows_total))
    : say.soFar(figures.rowCount(rows_done));
}

/** @param {Job} job */
function still({ status }) {
  const words = status === "running" ? say.stalled : say.notStartedYet;
  return html`<p class="to-act" role="status"><span>${words} ${say.startWorker(html`<code>servery worker</code>`)}</span></p>`;
}

/** @param {Job} job */
function pace({ progress }) {
  const { rows_per_s = 0, seconds_left = null } = progress ?? {};
  return html`
    <dl class="pace">
      <div><dt>${say.pace}</dt><dd>${rows_per_s > 0 ? say.rowsPerSecond(Math.round(rows_per_s)) : "–"}</dd></div>
      <div><dt>${say.timeLeft}</dt><dd>${seconds_left === null ? "–" : say.aboutDuration(durationText(seconds_left))}</dd></div>
    </dl>
  `;
}
