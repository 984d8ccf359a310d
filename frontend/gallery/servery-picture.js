import { html, svg } from "lit";
import { PageElement } from "../lib/element.js";
import { linkAddress } from "../lib/origin.js";

const WIDTH = 320;
const FLOOR = 164;
const BARS = 11;
const TINTS = 4;

/** A model's picture, or one drawn from its name. Properties in: `name`, `source`. */
export class ServeryPicture extends PageElement {
  static properties = { name: { attribute: false }, source: { attribute: false } };

  constructor() {
    super();
    this.name = "";
    /** @type {string | null} */
    this.source = null;
  }

  render() {
    if (this.source) {
      return html`<img src=${linkAddress(this.source)} alt="" width="320" height="200" />`;
    }
    return drawn(this.name);
  }
}

customElements.define("servery-picture", ServeryPicture);

/**
 * A spread of values as training might have seen them, always the same for a name.
 * @param {string} name
 */
function drawn(name) {
  const next = numbersFrom(name);
  const tint = Math.floor(next() * TINTS);
  const peak = 2 + next() * (BARS - 5);
  const width = 1.6 + next() * 2;
  const heights = Array.from({ length: BARS }, (_, at) => {
    const bell = Math.exp(-(((at - peak) / width) ** 2) / 2);
    return 10 + 104 * bell * (0.72 + 0.28 * next());
  });
  const highest = heights.indexOf(Math.max(...heights));
  const pitch = (WIDTH - 72) / BARS;
  return html`<svg viewBox="0 0 320 200" aria-hidden="true" data-tint=${tint}
    preserveAspectRatio="xMidYMid slice">
    <rect class="ground" width="320" height="200"></rect>
    ${heights.map(
      (height, at) => svg`<rect class="column" x=${38 + at * pitch} y=${FLOOR - height}
        width=${pitch - 5} height=${height} rx="3" data-strong=${at === highest}></rect>`,
    )}
    <path d=${`M30 ${FLOOR + 4}H290`}></path>
  </svg>`;
}

/**
 * Numbers from 0 to 1 that follow from a text (FNV-1a, one step for each).
 * @param {string} text
 */
function numbersFrom(text) {
  let hash = 2166136261;
  const stir = (/** @type {number} */ value) => {
    hash = Math.imul(hash ^ value, 16777619);
    hash ^= hash >>> 15;
  };
  for (const letter of text) stir(letter.codePointAt(0) ?? 0);
  return () => {
    stir(7);
    return (hash >>> 8) / 2 ** 24;
  };
}
