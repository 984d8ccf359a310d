import { html, nothing } from "lit";
import { typeOf } from "../inputs/types.js";
import { StateElement } from "../lib/element.js";
import { inputOfCurve, isStale, insightOf } from "./state.js";
import "./servery-contributions.js";
import "./servery-marked-text.js";

/** @typedef {import("./state.js").Insight} Insight */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

/** Why an answer is as it is. Property in: `state`. */
export class ServeryInsight extends StateElement {
  constructor() {
    super();
    // A column taller than the screen stops with its end in sight, a shorter one with its top.
    this.sizes = new ResizeObserver(([entry]) => {
      const column = /** @type {HTMLElement | undefined} */ (entry?.target);
      column?.style.setProperty("--column-size", `${column.offsetHeight}px`);
    });
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.parentElement) this.sizes.observe(this.parentElement);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  render() {
    const { state } = this;
    const facts = state?.model.body;
    const prediction = state?.answer.prediction;
    if (!facts || !prediction || state.route.page !== "model") return nothing;
    const insight = insightOf(state);
    return html`
      ${facts.capabilities.includes("nearest-rows") ? html`<servery-truth .state=${state}></servery-truth>` : nothing}
      ${facts.capabilities.includes("explanations") ? why(facts, prediction, state, insight) : nothing}
    `;
  }
}

customElements.define("servery-insight", ServeryInsight);

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {State} state
 * @param {Insight} insight
 */
function why(facts, prediction, { answer, pointed }, insight) {
  const { explanation } = insight;
  const isText = facts.signature.inputs.every((input) => typeOf(input).isProse);
  const isStaleNow = isStale(answer, explanation);
  if (isText) {
    return html`<servery-marked-text .facts=${facts} .prediction=${prediction} .asked=${explanation.of}
      .explanation=${explanation} .output=${insight.output} .isStale=${isStaleNow}></servery-marked-text>`;
  }
  return html`<servery-contributions .facts=${facts} .prediction=${prediction} .pointed=${pointed}
    .chosen=${facts.capabilities.includes("curves") ? inputOfCurve(facts, insight) : null}
    .explanation=${explanation} .output=${insight.output} .isStale=${isStaleNow}></servery-contributions>`;
}
