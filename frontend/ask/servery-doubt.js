import * as common from "#words/common";
import * as say from "#words/parts";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { headlineUndoubted } from "./headlines.js";

/**
 * No firm verdict on a text: the prediction comes second. Properties in: `facts`, `prediction`,
 * `doubt` (the warning that forbids it).
 */
export class ServeryDoubt extends PageElement {
  static properties = {
    facts: { attribute: false },
    prediction: { attribute: false },
    doubt: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    /** @type {import("../lib/types.js").Warning | null} */
    this.doubt = null;
  }

  render() {
    const { facts, prediction, doubt } = this;
    if (!facts || !prediction || !doubt) return nothing;
    return html`
      <div class="outcome" data-tone="caution" data-doubt>
        <div>
          <p class="verdict"><output>${common.noVerdict}</output></p>
          <p class="message">${doubt.detail}</p>
          <p class="message">
            ${say.saysInDoubt(headlineUndoubted(facts.signature.output, prediction, facts.training.rows))}
          </p>
        </div>
      </div>
    `;
  }
}

customElements.define("servery-doubt", ServeryDoubt);
