import * as say from "#words/insight";
import { html, nothing } from "lit";
import { typedFor } from "../lib/draft.js";
import { CurvedElement } from "./curved-element.js";
import { valueText } from "./measure.js";

/** What the answer would be for each choice; a press takes it. */
export class ServeryCurveBars extends CurvedElement {
  render() {
    const { input, points } = this;
    if (!input) return nothing;
    const all = points.flatMap(({ prediction, average }) => [prediction, average]);
    const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
    const scale = (/** @type {number} */ value) => (100 * (value - low)) / (high - low || 1);
    return html`
      <ul class="moves choices-curve" aria-label=${say.eachChoice(input.label)}>
        ${points.map((point) => this.#row(input, point, scale))}
      </ul>
    `;
  }

  /**
   * @param {import("../lib/types.js").Input} input
   * @param {import("../lib/types.js").CurvePoint} point
   * @param {(value: number) => number} scale
   */
  #row(input, { value, prediction, average }, scale) {
    const typed = typedFor(value);
    const isHere = typed === (this.typed ?? null);
    const [zero, mean] = [scale(0), scale(average)].map((at) => `${at}%`);
    const [from, width] = [
      Math.min(scale(0), scale(prediction)),
      Math.abs(scale(prediction) - scale(0)),
    ];
    return html`
      <li>
        <button type="button" class="move" aria-pressed=${isHere}
          @click=${() => this.emit("type", { name: input.name, typed })}>
          <span class="move-words">${valueText(input, value)}</span>
          <svg class="move-bar" aria-hidden="true">
            <rect x=${`${from}%`} width=${`${width}%`} y="25%" height="50%" rx="2"></rect>
            <line class="zero" x1=${zero} x2=${zero} y1="0" y2="100%"></line>
            <line class="mean" x1=${mean} x2=${mean} y1="12%" y2="88%"></line>
          </svg>
          <span class="move-figure">${this.measure?.figure(prediction)}</span>
        </button>
      </li>
    `;
  }
}

customElements.define("servery-curve-bars", ServeryCurveBars);
