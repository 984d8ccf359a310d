import * as say from "#words/batch";
import { html, nothing } from "lit";
import { remarkText } from "./words.js";
import { PageElement } from "../lib/element.js";
import { percent, quantity, withUnit } from "../lib/format.js";
import { rightText } from "../ask/headlines.js";
import { labelOf, othersInSet } from "../ask/words.js";

/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("../lib/types.js").PreviewRow} PreviewRow */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").Scalar} Scalar */

/** So many remarks on a row of the preview are shown; the result has all. */
const MOST_POINTS = 5;
/** Characters that a cell of the preview shows for certain. */
const LONG = 24;

/** The first rows with their predictions. Properties in: `facts`, `job`, `isStale`. */
export class ServeryBatchPreview extends PageElement {
  static properties = {
    facts: { attribute: false },
    job: { attribute: false },
    isStale: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Job | null} */
    this.job = null;
    this.isStale = false;
  }

  render() {
    const { facts, job } = this;
    if (!facts || !job?.preview || job.header.length === 0) return nothing;
    const { rows } = job.preview;
    const isScored = !job.problem && rows.some((row) => row.error || row.prediction !== null);
    const title = isScored ? say.theFirstRowsScored : say.theFirstRows;
    const used = new Set(Object.values(job.columns));
    const bad = rows.filter((row) => row.error).length;
    const isBad = bad > 0 && bad === rows.length;
    return html`
      <section class="card" data-stale=${this.isStale ? "" : nothing}>
        <div class="card-head">
          <h3>${title}</h3>
          <p class=${isBad ? "fault" : "help"}>${fitText(rows.length, bad, isScored)}</p>
        </div>
        ${job.notes.map((note) => html`<p class="help">${note}</p>`)}
        <div class="scroll preview" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead>
              <tr>
                <th scope="col">${say.line}</th>
                ${isScored ? outputsOf(facts).map(({ label }) => html`<th scope="col">${label}</th>`) : nothing}
                ${job.header.map((name) => html`<th scope="col" title=${name} data-extra=${used.has(name) ? nothing : ""}><bdi>${name}</bdi></th>`)}
              </tr>
            </thead>
            <tbody>${rows.map((row) => line(facts, row, job, isScored ? used : null))}</tbody>
          </table>
        </div>
      </section>
    `;
  }
}

customElements.define("servery-batch-preview", ServeryBatchPreview);

/**
 * @param {number} rows
 * @param {number} bad
 * @param {boolean} isScored
 */
function fitText(rows, bad, isScored) {
  if (bad > 0 && bad === rows) return say.noneFits;
  if (bad > 0) return say.someDoNotFit(bad, rows);
  return isScored && rows > 1 ? say.allFit(rows) : "";
}

/**
 * @param {Facts} facts
 * @param {PreviewRow} row
 * @param {Job} job
 * @param {Set<string | null> | null} used columns; none where nothing is scored yet
 */
function line(facts, row, { header, columns }, used) {
  const odd = new Set(row.remarks.map(({ input }) => columns[input ?? ""]));
  return html`
    <tr data-state=${row.error ? "bad" : row.warnings ? "warned" : nothing}>
      <th scope="row">${row.line}</th>
      ${used ? answered(facts, row) : nothing}
      ${header.map((name, at) => cell(row.cells[at] ?? "", !used || used.has(name), odd.has(name)))}
    </tr>
  `;
}

/**
 * @param {string} text that may be cut where it is long: pointing at it shows all
 * @param {boolean} isUsed
 * @param {boolean} isOdd there is a remark on it
 */
function cell(text, isUsed, isOdd) {
  return html`<td title=${text.length > LONG ? text : nothing} data-extra=${isUsed ? nothing : ""} data-odd=${isOdd ? "" : nothing}><bdi>${text}</bdi></td>`;
}

/**
 * @param {Facts} facts
 * @returns {Output[]} one for each column of predictions
 */
function outputsOf({ signature: { output } }) {
  return output.outputs?.length ? output.outputs : [output];
}

/**
 * @param {Facts} facts
 * @param {PreviewRow} row
 */
function answered(facts, row) {
  const outputs = outputsOf(facts);
  if (row.error) {
    return html`<td class="answered" colspan=${outputs.length}>${pointsOf(facts, row).map((each) => html`<span class="fault">${each}</span>`)}</td>`;
  }
  const { prediction, warnings } = row;
  const isOne = typeof prediction !== "object" || !prediction;
  return outputs.map(
    (output, at) => html`
      <td class=${at === 0 ? "answered" : "answered also"}>
        ${isOne ? answer(output, row) : html`<strong>${shownAs(output, prediction[output.name] ?? null)}</strong>`}
        ${warnings && at === 0 ? pointsOf(facts, row).map((each) => html`<span class="warned">${each}</span>`) : nothing}
      </td>
    `,
  );
}

/**
 * @param {Facts} facts
 * @param {PreviewRow} row
 * @returns {string[]} its remarks
 */
function pointsOf(facts, { remarks, error, warnings }) {
  // Jobs of older versions have it as one text.
  if (remarks.length === 0) return [error ?? warnings ?? ""];
  const more = remarks.length - MOST_POINTS;
  const shown = remarks.slice(0, MOST_POINTS).map((remark) => remarkText(facts, remark));
  return more > 0 ? [...shown, say.morePoints(more)] : shown;
}

/**
 * @param {Output} output
 * @param {PreviewRow} row
 */
function answer(
  output,
  { prediction, label, probability, interval, prediction_set: set, reliability, reliability_rows },
) {
  const { decimals } = output;
  const value = /** @type {Scalar | null} */ (prediction);
  return html`
    <strong>${shownAs(output, value, label)}</strong>
    ${typeof probability === "number" ? html`<span class="help">${percent(probability)}</span>` : nothing}
    ${output.task === "regression" && label ? html`<span class="help">${label}</span>` : nothing}
    ${interval ? html`<span class="help spread">${interval.map((end) => quantity(end, decimals)).join(" to ")}</span>` : nothing}
    ${typeof reliability === "number" && reliability_rows ? html`<span class="open">${rightText(reliability, reliability_rows)}</span>` : nothing}
    ${set && set.length > 1 ? html`<span class="open">${say.alsoInThePredictionSet(othersInSet(output, value, set))}</span>` : nothing}
  `;
}

/**
 * @param {Output} output
 * @param {Scalar | null} value
 * @param {string | null} [label]
 * @returns {string}
 */
function shownAs(output, value, label) {
  const { task, unit, decimals } = output;
  if (task === "regression" && typeof value === "number") {
    return withUnit(quantity(value, decimals), unit);
  }
  return label ?? (value === null ? "–" : labelOf(output, value));
}
