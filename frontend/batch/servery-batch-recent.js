import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { hashOf } from "../lib/address.js";
import { PageElement } from "../lib/element.js";
import { count, percentRound } from "../lib/format.js";
import { momentText, shareDone } from "./words.js";

/** @typedef {import("./state.js").Job} Job */

/** @type {Record<Job["status"], string>} */
const STATUSES = {
  waiting: say.waitingForYourChoices,
  queued: say.waitingForItsTurn,
  running: say.scoring,
  done: say.done,
  failed: say.failed,
  cancelled: say.cancelled,
};

/** The jobs of a model that this browser has shown. Property in: `jobs`, the newest first. */
export class ServeryBatchRecent extends PageElement {
  static properties = { jobs: { attribute: false } };

  constructor() {
    super();
    /** @type {readonly Job[]} */
    this.jobs = [];
  }

  render() {
    if (this.jobs.length === 0) return nothing;
    return html`
      <section class="card">
        <div class="card-head">
          <h3>${say.yourFiles}</h3>
          <p class="help">${say.recentLead}</p>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label=${say.yourFiles}>
          <table>
            <thead>
              <tr><th scope="col">${say.file}</th><th scope="col">${say.state}</th><th scope="col">${common.rows}</th><th scope="col">${say.uploaded}</th></tr>
            </thead>
            <tbody>${this.jobs.map(row)}</tbody>
          </table>
        </div>
      </section>
    `;
  }
}

customElements.define("servery-batch-recent", ServeryBatchRecent);

/** @param {Job} job */
function row(job) {
  const { id, model, file, status, progress, created } = job;
  const address = hashOf({ name: model, version: null, panel: "batch", part: id, draft: null });
  const share = status === "running" ? `, ${percentRound(shareDone(job) ?? 0)}` : "";
  return html`
    <tr>
      <th scope="row"><a href=${address}><bdi>${file.name}</bdi></a></th>
      <td>${STATUSES[status]}${share}</td>
      <td>${progress ? count(progress.rows_done) : "–"}</td>
      <td>${momentText(new Date(created))}</td>
    </tr>
  `;
}
