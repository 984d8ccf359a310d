import { html, nothing, svg } from "lit";
import { PageElement } from "../lib/element.js";
import { percent } from "../lib/format.js";
import { doubtOf } from "../lib/words.js";

/** @typedef {import("../lib/types.js").ClassProbability} ClassProbability */
/** @typedef {import("../lib/types.js").Output} Output */

const MANY = 8;

/**
 * The probability of every class: few in the signature's order, which never jumps; of many, the
 * likeliest. Properties in: `output`, `prediction`.
 */
export class ServeryProbabilities extends PageElement {
  static properties = {
    output: { attribute: false },
    prediction: { attribute: false },
    isWhole: { state: true },
  };

  constructor() {
    super();
    /** @type {Output | null} */
    this.output = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    this.isWhole = false;
  }

  render() {
    const { output, prediction } = this;
    const rows = prediction?.probabilities ?? [];
    if (!output || !prediction || rows.length === 0) return nothing;
    const chosen = doubtOf(prediction) ? null : prediction.prediction;
    const isMany = rows.length > MANY;
    return html`
      <h3 class="visually-hidden">Probabilities</h3>
      <dl class="probabilities">
        ${this.#shown(output, rows).map((row) => bar(row, output, row.class === chosen))}
      </dl>
      ${isMany ? this.#toggle(rows.length) : nothing} ${thresholdWords(output)}
    `;
  }

  /**
   * @param {Output} output
   * @param {ClassProbability[]} rows
   */
  #shown(output, rows) {
    if (rows.length <= MANY) return inOrder(output, rows);
    return this.isWhole ? rows : rows.slice(0, MANY);
  }

  /** @param {number} count */
  #toggle(count) {
    const toggle = () => {
      this.isWhole = !this.isWhole;
    };
    return html`
      <button type="button" class="quiet" aria-expanded=${this.isWhole} @click=${toggle}>
        ${this.isWhole ? `Show the first ${MANY}` : `Show all ${count}`}
      </button>
    `;
  }
}

customElements.define("servery-probabilities", ServeryProbabilities);

/**
 * @param {ClassProbability} row
 * @param {Output} output
 * @param {boolean} isChosen
 */
function bar(row, { threshold }, isChosen) {
  const mark = threshold?.class === row.class ? `${100 * threshold.value}%` : null;
  return html`
    <div data-chosen=${isChosen ? "" : nothing}>
      <dt>${row.label}</dt>
      <dd>${percent(row.probability)}</dd>
      <svg class="bar" aria-hidden="true">
        <rect class="track" width="100%" height="100%" rx="3"></rect>
        <rect class="fill" width=${`${100 * row.probability}%`} height="100%" rx="3"></rect>
        ${mark ? svg`<line x1=${mark} x2=${mark} y1="-5" y2="100%"></line>` : nothing}
      </svg>
    </div>
  `;
}

/** @param {Output} output */
function thresholdWords({ threshold, classes }) {
  if (!threshold) return nothing;
  const label = classes?.find((each) => each.value === threshold.class)?.label ?? threshold.class;
  return html`<p class="help">Called “${label}” from ${percent(threshold.value)} on.</p>`;
}

/**
 * @param {Output} output
 * @param {ClassProbability[]} rows
 */
function inOrder({ classes }, rows) {
  const place = new Map(classes?.map((each, at) => [each.value, at]));
  return [...rows].sort((a, b) => (place.get(a.class) ?? 0) - (place.get(b.class) ?? 0));
}
