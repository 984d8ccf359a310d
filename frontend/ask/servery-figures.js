import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { sureText } from "./words.js";
import "./servery-probabilities.js";

/**
 * The figures behind an outcome: probabilities, scores, nothing, or
 * where a number lies. Properties in: `output`, `predicted`, `rows` that the model was trained on,
 * `isDoubted` (nothing is chosen then).
 */
export class ServeryFigures extends PageElement {
  static properties = {
    output: { attribute: false },
    predicted: { attribute: false },
    rows: { attribute: false },
    isDoubted: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    /** @type {import("../lib/types.js").OutputPrediction | null} */
    this.predicted = null;
    /** @type {number | null} */
    this.rows = null;
    this.isDoubted = false;
  }

  render() {
    const { output, predicted } = this;
    if (!output || !predicted) return nothing;
    const sure = this.isDoubted ? "" : sureText(output, predicted);
    return html`${sure ? html`<p class="sure">${sure}</p>` : nothing} ${this.#figures(output, predicted)}`;
  }

  /**
   * @param {import("../lib/types.js").Output} output
   * @param {import("../lib/types.js").OutputPrediction} predicted
   */
  #figures(output, predicted) {
    const chosen = this.isDoubted ? null : predicted.prediction;
    if (output.task === "regression") {
      return html`<servery-quantile-marker .output=${output} .value=${Number(predicted.prediction)}
        .interval=${predicted.interval ?? null}></servery-quantile-marker>`;
    }
    if (predicted.probabilities) {
      return html`<servery-probabilities .output=${output} .predicted=${predicted} .rows=${this.rows} .chosen=${chosen}></servery-probabilities>`;
    }
    if (predicted.scores) {
      return html`<servery-scores .output=${output} .predicted=${predicted} .chosen=${chosen}></servery-scores>`;
    }
    return html`<servery-alternatives .output=${output} .predicted=${predicted} .chosen=${chosen}></servery-alternatives>`;
  }
}

customElements.define("servery-figures", ServeryFigures);
