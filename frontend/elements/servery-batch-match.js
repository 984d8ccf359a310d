import { html, nothing } from "lit";
import { lacking } from "../lib/batch.js";
import { PageElement } from "../lib/element.js";
import { count } from "../lib/format.js";

/** @typedef {import("../lib/batch.js").Job} Job */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */

const MOST_EXTRA = 12;

/** Which column holds which input. Properties in: `facts`, `job`. Emits: `servery:batch`. */
export class ServeryBatchMatch extends PageElement {
  static properties = { facts: { attribute: false }, job: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Job | null} */
    this.job = null;
  }

  render() {
    const { facts, job } = this;
    if (!facts || !job) return nothing;
    const { inputs } = facts.signature;
    const found = inputs.length - lacking(facts, job).length;
    return html`
      <section class="card">
        <div class="card-head">
          <h3>Columns</h3>
          <p class="help">${foundSaid(found, inputs.length)}</p>
        </div>
        <ul class="matches">${inputs.map((input, at) => this.#match(input, at, job))}</ul>
        ${extra(job)}
      </section>
    `;
  }

  /**
   * @param {Input} input
   * @param {number} at
   * @param {Job} job
   */
  #match(input, at, job) {
    const chosen = job.columns[input.name] ?? null;
    const isLacking = chosen === null && !input.missing_allowed;
    const none = input.missing_allowed ? "None: not known in any row" : "Choose a column…";
    const id = `column-${at}`;
    const first = chosen === null ? "" : firstOf(job, chosen);
    return html`
      <li data-state=${isLacking ? "lacking" : chosen === null ? "none" : "found"}>
        <label for=${id}>${input.label}</label>
        <select id=${id} aria-invalid=${isLacking ? "true" : nothing} aria-describedby="${id}-first"
          @change=${(/** @type {Event} */ event) => this.#choose(input, event)}>
          <option value="" .selected=${chosen === null}>${none}</option>
          ${job.header.map((column, at) => html`<option value=${at} .selected=${column === chosen}>${column}</option>`)}
        </select>
        <span class="first" id="${id}-first">${isLacking ? "No column found" : chosen === null ? "Empty in every row" : first ? html`<bdi>${first}</bdi>` : "Empty in the first rows"}</span>
      </li>
    `;
  }

  /**
   * @param {Input} input
   * @param {Event} event
   */
  #choose({ name }, event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    const column = value === "" ? null : (this.job?.header[Number(value)] ?? null);
    this.wish("batch", ["match", { input: name, column }]);
  }
}

customElements.define("servery-batch-match", ServeryBatchMatch);

/**
 * @param {number} found
 * @param {number} wanted
 */
function foundSaid(found, wanted) {
  if (found < wanted) return `${count(found)} of ${count(wanted)} inputs have a column.`;
  if (wanted === 2) return "Both inputs have a column.";
  return wanted === 1 ? "The input has a column." : `All ${count(wanted)} inputs have a column.`;
}

/**
 * @param {Job} job
 * @param {string} column
 * @returns {string} what stands first in it
 */
function firstOf({ header, preview }, column) {
  const at = header.indexOf(column);
  const cells = preview?.rows.map((row) => row.cells[at]) ?? [];
  return cells.find((cell) => cell) ?? "";
}

/** @param {Job} job */
function extra({ extra: columns }) {
  if (columns.length === 0) return nothing;
  const shown = columns.slice(0, MOST_EXTRA);
  const rest = columns.length - shown.length;
  return html`
    <div class="kept">
      <span class="help">Kept as they are</span>
      <ul>
        ${shown.map((name) => html`<li title=${name}><bdi>${name}</bdi></li>`)}
        ${rest > 0 ? html`<li>and ${count(rest)} more</li>` : nothing}
      </ul>
    </div>
  `;
}
