import { html, nothing, svg } from "lit";
import { PageElement } from "../lib/element.js";
import { linkAddress } from "../lib/origin.js";

const WIDTH = 320;
const FLOOR = 164;
const MARGIN = 36;

/**
 * A model's picture, or how its quantity is spread in training. Properties in: `source`, `spread`
 * (rows in each bar; none where that is not known, and then there is no picture).
 */
export class ServeryPicture extends PageElement {
  static properties = { source: { attribute: false }, spread: { attribute: false } };

  constructor() {
    super();
    /** @type {string | null} */
    this.source = null;
    /** @type {readonly number[]} */
    this.spread = [];
  }

  render() {
    if (this.source) {
      return html`<img src=${linkAddress(this.source)} alt="" width="320" height="200" />`;
    }
    return this.spread.length > 0 ? drawn(this.spread) : nothing;
  }
}

customElements.define("servery-picture", ServeryPicture);

/** @param {readonly number[]} counts */
function drawn(counts) {
  const highest = Math.max(1, ...counts);
  const pitch = (WIDTH - 2 * MARGIN) / counts.length;
  return html`<svg viewBox="0 0 320 200" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
    ${counts.map((count, at) => {
      const height = (120 * count) / highest;
      return svg`<rect x=${MARGIN + at * pitch} y=${FLOOR - height} width=${0.84 * pitch} height=${height} rx="1.5"></rect>`;
    })}
    <path d=${`M${MARGIN - 6} ${FLOOR + 3}H${WIDTH - MARGIN + 6}`}></path>
  </svg>`;
}
