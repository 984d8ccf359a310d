import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { partsOf } from "./words.js";
import "./servery-parts.css";

const FEW = 3;

/** Each of several outputs. Properties in: `output`, `prediction`, `rows` that the model was trained on. */
export class ServeryParts extends PageElement {
  static properties = {
    output: { attribute: false },
    prediction: { attribute: false },
    rows: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Output | null} */
    this.output = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    /** @type {number | null} */
    this.rows = null;
  }

  render() {
    const { output, prediction, rows } = this;
    if (!output || !prediction) return nothing;
    const parts = partsOf(output, prediction);
    return html`
      <ul class="parts" data-many=${parts.length > FEW ? "" : nothing}>
        ${parts.map(
          (part) => html`
            <li>
              <h3>${part.output.label}</h3>
              <servery-outcome .isPart=${true} .output=${part.output} .predicted=${part.predicted}></servery-outcome>
              <servery-figures .output=${part.output} .predicted=${part.predicted} .rows=${rows}></servery-figures>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

customElements.define("servery-parts", ServeryParts);
