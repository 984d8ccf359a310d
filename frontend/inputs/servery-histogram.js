import { html, nothing, svg } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * How training values are spread, with a mark where this one lies. Decoration: words nearby say
 * the same. Properties in: `stats`, `range`, `at`, `band` (what it may well be instead).
 */
export class ServeryHistogram extends PageElement {
  static properties = {
    stats: { attribute: false },
    range: { attribute: false },
    at: { attribute: false },
    band: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").NumberStats | null} */
    this.stats = null;
    /** @type {import("./range.js").Range} */
    this.range = { low: 0, high: 1 };
    /** @type {number | null} */
    this.at = null;
    /** @type {import("./range.js").Range | null} */
    this.band = null;
  }

  render() {
    const { stats, at, band } = this;
    return html`<svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      ${band ? this.#band(band) : nothing} ${stats?.histogram ? this.#bars(stats.histogram) : nothing}
      ${band ? svg`<line class="reach" x1=${this.#place(band.low)} x2=${this.#place(band.high)} y1="20" y2="20"></line>` : nothing}
      ${at === null ? nothing : svg`<line x1=${this.#place(at)} x2=${this.#place(at)} y1="0" y2="20"></line>`}
    </svg>`;
  }

  /** @param {import("./range.js").Range} band */
  #band({ low, high }) {
    const [from, to] = [this.#place(low), this.#place(high)];
    return svg`<rect class="band" x=${from} width=${to - from} height="20"></rect>`;
  }

  /** @param {import("../lib/types.js").Histogram} histogram */
  #bars({ edges, counts }) {
    const highest = Math.max(1, ...counts);
    return counts.map((count, index) => {
      const [from, to] = [this.#place(edges[index] ?? 0), this.#place(edges[index + 1] ?? 0)];
      // Square roots keep the rare values in sight beside the common ones.
      const height = 19 * Math.sqrt(count / highest);
      const isHere = this.at !== null && from <= this.#place(this.at) && this.#place(this.at) < to;
      return svg`<rect x=${from + 0.2} y=${20 - height} width=${Math.max(to - from - 0.4, 0.2)}
        height=${height} data-here=${isHere ? "" : nothing}></rect>`;
    });
  }

  /** @param {number} value */
  #place(value) {
    const { low, high } = this.range;
    return Math.min(100, Math.max(0, (100 * (value - low)) / (high - low)));
  }
}

customElements.define("servery-histogram", ServeryHistogram);
