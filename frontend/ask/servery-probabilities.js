import * as common from "#words/common";
import * as say from "#words/ask";
import { html, nothing, svg } from "lit";
import { percent, percentOf } from "../lib/format.js";
import { RankingElement } from "./ranking-element.js";
import { labelOf } from "./words.js";

/** @typedef {import("../lib/types.js").ClassProbability} ClassProbability */
/** @typedef {import("../lib/types.js").Output} Output */

/** The probability of every class. Property in also: `rows` that the model was trained on. */
export class ServeryProbabilities extends RankingElement {
  static properties = { ...RankingElement.properties, rows: { attribute: false } };

  constructor() {
    super();
    /** @type {number | null} */
    this.rows = null;
  }

  render() {
    const { output, predicted, chosen } = this;
    const rows = predicted?.probabilities ?? [];
    if (!output || rows.length === 0) return nothing;
    return html`
      <dl class="ranking" aria-label=${common.probabilities}>
        ${this.shown(rows).map((row) => bar(row, output, row.class === chosen, this.rows))}
      </dl>
      ${this.toggle(rows.length)} ${thresholdWords(output)}
    `;
  }
}

customElements.define("servery-probabilities", ServeryProbabilities);

/**
 * @param {ClassProbability} row
 * @param {Output} output
 * @param {boolean} isChosen
 * @param {number | null} rows
 */
function bar(row, { threshold }, isChosen, rows) {
  const mark = threshold?.class === row.class ? `${100 * threshold.value}%` : null;
  return html`
    <div data-chosen=${isChosen ? "" : nothing}>
      <dt>${row.label}</dt>
      <dd>${percentOf(row.probability, rows)}</dd>
      <svg class="bar" aria-hidden="true">
        <rect class="track" width="100%" height="100%" rx="3"></rect>
        <rect class="fill" width=${`${100 * row.probability}%`} height="100%" rx="3"></rect>
        ${mark ? svg`<line x1=${mark} x2=${mark} y1="-5" y2="100%"></line>` : nothing}
      </svg>
    </div>
  `;
}

/** @param {Output} output */
function thresholdWords(output) {
  const { threshold } = output;
  if (!threshold) return nothing;
  const label = labelOf(output, threshold.class);
  return html`<p class="help">${say.calledFrom(label, percent(threshold.value))}</p>`;
}
