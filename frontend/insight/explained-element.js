import * as common from "#words/common";
import * as say from "#words/insight";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import "./servery-output-menu.js";
import "./servery-error.js";

/** @typedef {import("../lib/types.js").Explanation} Explanation */

/**
 * What moved an answer. Properties in: `facts`, `prediction`, `explanation`, `output` (what is to be
 * explained), `isStale`.
 */
export class ExplainedElement extends PageElement {
  static properties = {
    facts: { attribute: false },
    prediction: { attribute: false },
    explanation: { attribute: false },
    output: { attribute: false },
    isStale: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    /** @type {import("./state.js").Look<Explanation> | null} */
    this.explanation = null;
    /** @type {import("../lib/types.js").Scalar | null} */
    this.output = null;
    this.isStale = false;
  }

  /**
   * @param {import("./state.js").Look<Explanation>} explanation
   * @param {unknown} body
   */
  framed(explanation, body) {
    return html`
      <section class="insight-part" aria-label=${common.whatInfluencedIt} aria-busy=${explanation.status === "asking"}>
        <div class="insight-head">
          <h2>${common.whatInfluencedIt}</h2>
          <servery-output-menu .facts=${this.facts} .wanted=${this.output}></servery-output-menu>
        </div>
        ${body}
        <servery-error .look=${explanation} wanted="explanation" words=${say.noExplanation}></servery-error>
      </section>
    `;
  }
}

/**
 * @param {Explanation} explanation
 * @param {import("./measure.js").Measure} measure
 * @returns what an estimate is off by; nothing for what is exact
 */
export function estimateText({ method, contributions }, measure) {
  if (method !== "sampled") return nothing;
  const error = Math.max(...contributions.map((each) => each.standard_error), 0);
  return html`<p class="help">${say.estimated(measure.size(error))}</p>`;
}
