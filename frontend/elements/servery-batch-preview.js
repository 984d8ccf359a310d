import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { percent, quantity } from "../lib/format.js";
import { notRuledOut } from "../lib/words.js";

/** @typedef {import("../lib/batch.js").Job} Job */
/** @typedef {import("../lib/batch.js").PreviewRow} PreviewRow */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").Scalar} Scalar */

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
    const isScored = !job.problem;
    const title = isScored ? "The first rows, scored" : "The first rows";
    const used = new Set(Object.values(job.columns));
    const bad = rows.filter((row) => row.error).length;
    return html`
      <section class="card" data-stale=${this.isStale ? "" : nothing}>
        <div class="card-head">
          <h3>${title}</h3>
          <p class="help">${bad > 0 ? `${bad} of ${rows.length} do not fit.` : isScored && rows.length > 1 ? `All ${rows.length} fit.` : nothing}</p>
        </div>
        <div class="scroll preview" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead>
              <tr>
                <th scope="col">Line</th>
                ${isScored ? html`<th scope="col">${facts.signature.output.label}</th>` : nothing}
                ${job.header.map((name) => html`<th scope="col" data-extra=${used.has(name) ? nothing : ""}>${name}</th>`)}
              </tr>
            </thead>
            <tbody>${rows.map((row) => line(facts, row, job.header, isScored ? used : null))}</tbody>
          </table>
        </div>
      </section>
    `;
  }
}

customElements.define("servery-batch-preview", ServeryBatchPreview);

/**
 * @param {Facts} facts
 * @param {PreviewRow} row
 * @param {string[]} header
 * @param {Set<string | null> | null} used columns; none where nothing is scored yet
 */
function line(facts, row, header, used) {
  return html`
    <tr data-state=${row.error ? "bad" : row.warnings ? "warned" : nothing}>
      <th scope="row">${row.line}</th>
      ${used ? html`<td class="answered">${row.error ? html`<span class="fault">${row.error}</span>` : answer(facts, row)}</td>` : nothing}
      ${header.map((name, at) => html`<td data-extra=${!used || used.has(name) ? nothing : ""}>${row.cells[at] ?? ""}</td>`)}
    </tr>
  `;
}

/**
 * @param {Facts} facts
 * @param {PreviewRow} row
 */
function answer({ signature }, row) {
  const { output } = signature;
  const { decimals } = output;
  const { prediction, label, probability, interval, prediction_set: set, warnings } = row;
  return html`
    ${typeof prediction === "object" && prediction ? several(output, prediction) : html`<strong>${shownAs(output, prediction, label)}</strong>`}
    ${typeof probability === "number" ? html`<span class="help">${percent(probability)}</span>` : nothing}
    ${output.task === "regression" && label ? html`<span class="help">${label}</span>` : nothing}
    ${interval ? html`<span class="help">${interval.map((end) => quantity(end, decimals)).join(" to ")}</span>` : nothing}
    ${set && set.length > 1 ? html`<span class="open">Not ruled out: ${notRuledOut(output, prediction, set)}</span>` : nothing}
    ${warnings ? html`<span class="warned">${warnings}</span>` : nothing}
  `;
}

/**
 * @param {Output} output
 * @param {Record<string, Scalar>} predictions
 */
function several({ outputs = [] }, predictions) {
  return outputs.map(
    (each) =>
      html`<span class="one-of"><span class="help">${each.label}</span> <strong>${shownAs(each, predictions[each.name] ?? null)}</strong></span>`,
  );
}

/**
 * @param {Output} output
 * @param {Scalar | null} value
 * @param {string | null} [label]
 * @returns {string}
 */
function shownAs({ task, classes, unit, decimals }, value, label) {
  if (task === "regression" && typeof value === "number") {
    return `${quantity(value, decimals)}${unit ? ` ${unit}` : ""}`;
  }
  return label ?? classes?.find((each) => each.value === value)?.label ?? String(value ?? "–");
}
