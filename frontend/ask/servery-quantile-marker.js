import * as say from "#words/parts";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { quantity } from "../lib/format.js";
import { shareBelow } from "../inputs/range.js";
import "../inputs/servery-histogram.js";
import "./servery-quantile-marker.css";

/**
 * Where a predicted number lies among those of training. Properties in: `output`, `value`,
 * `interval` (what it may well be instead; null where nobody knows).
 */
export class ServeryQuantileMarker extends PageElement {
  static properties = {
    output: { attribute: false },
    value: { attribute: false },
    interval: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    this.value = 0;
    /** @type {import("../lib/types.js").Interval | null} */
    this.interval = null;
  }

  render() {
    const { output, value, interval } = this;
    if (!output?.training_stats || output.training_stats.minimum >= output.training_stats.maximum)
      return nothing;
    const { minimum, maximum } = output.training_stats;
    const range = { low: Math.min(minimum, value), high: Math.max(maximum, value) };
    return html`
      <figure class="place">
        <servery-histogram .stats=${output.training_stats} .range=${range} .at=${value}
          .band=${interval}></servery-histogram>
        <div class="ends" aria-hidden="true">
          <span>${quantity(range.low, output.decimals)}</span>
          <span>${quantity(range.high, output.decimals)}</span>
        </div>
        <figcaption>${placeWords(output.training_stats, value)}</figcaption>
      </figure>
    `;
  }
}

customElements.define("servery-quantile-marker", ServeryQuantileMarker);

/**
 * @param {import("../lib/types.js").NumberStats} stats
 * @param {number} value
 */
function placeWords({ minimum, maximum, histogram }, value) {
  if (value < minimum) return say.belowAll;
  if (value > maximum) return say.aboveAll;
  if (!histogram) return say.within;
  const below = Math.round(100 * shareBelow(histogram, value));
  return say.lowerInTraining(below);
}
