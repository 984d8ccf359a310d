import { html, nothing, svg } from "lit";
import { PageElement } from "../lib/element.js";
import { percent } from "../lib/format.js";

/** @typedef {import("../lib/types.js").ClassProbability} ClassProbability */

const MANY = 8;

/** The probability of every class, in an order that never jumps. Properties in: `output`, `rows`. */
export class ServeryProbabilities extends PageElement {
  static properties = {
    output: { attribute: false },
    rows: { attribute: false },
    all: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    /** @type {ClassProbability[]} highest first */
    this.rows = [];
    this.all = false;
  }

  render() {
    const { output, rows } = this;
    if (!output || rows.length === 0) return nothing;
    const cut = rows.length > MANY && !this.all;
    const shown = cut ? rows.slice(0, MANY) : rows.length > MANY ? rows : inOrder(output, rows);
    return html`
      <dl class="probabilities" aria-label="Probabilities">
        ${shown.map((row) => bar(row, output.threshold?.class === row.class ? output.threshold.value : null))}
      </dl>
      ${
        cut
          ? html`<button type="button" class="quiet" @click=${() => {
              this.all = true;
            }}>Show all ${rows.length}</button>`
          : nothing
      }
      ${output.threshold ? thresholdWords(output) : nothing}
    `;
  }
}

customElements.define("servery-probabilities", ServeryProbabilities);

/**
 * @param {ClassProbability} row
 * @param {number | null} threshold
 */
function bar({ label, probability }, threshold) {
  return html`
    <div>
      <dt>${label}</dt>
      <dd>
        <svg class="bar" aria-hidden="true">
          <rect class="track" width="100%" height="100%" rx="4"></rect>
          <rect class="fill" width=${`${100 * probability}%`} height="100%" rx="4"></rect>
          ${threshold === null ? nothing : svg`<line x1=${`${100 * threshold}%`} x2=${`${100 * threshold}%`} y1="0" y2="100%"></line>`}
        </svg>
        <span>${percent(probability)}</span>
      </dd>
    </div>
  `;
}

/** @param {import("../lib/types.js").Output} output */
function thresholdWords({ threshold, classes }) {
  if (!threshold) return nothing;
  const label = classes?.find((each) => each.value === threshold.class)?.label ?? threshold.class;
  return html`<p class="help">Called “${label}” from ${percent(threshold.value)} on.</p>`;
}

/**
 * @param {import("../lib/types.js").Output} output
 * @param {ClassProbability[]} rows
 */
function inOrder(output, rows) {
  const place = new Map(output.classes?.map((each, at) => [each.value, at]));
  return rows.toSorted((a, b) => (place.get(a.class) ?? 0) - (place.get(b.class) ?? 0));
}
