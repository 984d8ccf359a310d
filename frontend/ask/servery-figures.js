import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { sureSaid } from "./words.js";
import "./servery-alternatives.js";
import "./servery-place.js";
import "./servery-probabilities.js";
import "./servery-scores.js";

/**
 * The figures behind an outcome: what the model tells, be it probabilities, scores, nothing, or
 * where a number lies. Properties in: `output`, `said`, `isDoubted` (nothing is chosen then).
 */
export class ServeryFigures extends PageElement {
  static properties = {
    output: { attribute: false },
    said: { attribute: false },
    isDoubted: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    /** @type {import("../lib/types.js").Said | null} */
    this.said = null;
    this.isDoubted = false;
  }

  render() {
    const { output, said } = this;
    if (!output || !said) return nothing;
    const sure = this.isDoubted ? "" : sureSaid(output, said);
    return html`${sure ? html`<p class="sure">${sure}</p>` : nothing} ${this.#figures(output, said)}`;
  }

  /**
   * @param {import("../lib/types.js").Output} output
   * @param {import("../lib/types.js").Said} said
   */
  #figures(output, said) {
    const chosen = this.isDoubted ? null : said.prediction;
    if (output.task === "regression") {
      return html`<servery-place .output=${output} .value=${Number(said.prediction)}
        .interval=${said.interval ?? null}></servery-place>`;
    }
    if (said.probabilities) {
      return html`<servery-probabilities .output=${output} .said=${said} .chosen=${chosen}></servery-probabilities>`;
    }
    if (said.scores) {
      return html`<servery-scores .output=${output} .said=${said} .chosen=${chosen}></servery-scores>`;
    }
    return html`<servery-alternatives .output=${output} .said=${said} .chosen=${chosen}></servery-alternatives>`;
  }
}

customElements.define("servery-figures", ServeryFigures);
