import { html, nothing, svg } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * How training values are spread, with a mark where this one lies. Decoration: the warning and
 * "About" say the same in words. Properties in: `seen`, `range`, `at`.
 */
export class ServeryStrip extends PageElement {
  static properties = {
    seen: { attribute: false },
    range: { attribute: false },
    at: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Seen | null} */
    this.seen = null;
    /** @type {import("../lib/range.js").Range} */
    this.range = { low: 0, high: 1 };
    /** @type {number | null} */
    this.at = null;
  }

  render() {
    if (!this.seen) return nothing;
    const { edges, counts } = this.seen.histogram;
    const highest = Math.max(...counts);
    return html`<svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      ${counts.map((count, at) => {
        // Square roots keep the rare values in sight beside the common ones.
        const height = 20 * Math.sqrt(count / highest);
        const [from, to] = [this.#place(edges[at] ?? 0), this.#place(edges[at + 1] ?? 0)];
        return svg`<rect x=${from + 0.2} y=${20 - height} width=${Math.max(to - from - 0.4, 0.2)} height=${height}></rect>`;
      })}
      ${this.at === null ? nothing : svg`<line x1=${this.#place(this.at)} x2=${this.#place(this.at)} y1="0" y2="20"></line>`}
    </svg>`;
  }

  /** @param {number} value */
  #place(value) {
    const { low, high } = this.range;
    return Math.min(100, Math.max(0, (100 * (value - low)) / (high - low)));
  }
}

customElements.define("servery-strip", ServeryStrip);
