import { html, nothing } from "lit";
import { StateElement } from "../lib/element.js";
import { inputOfCurve, isCurved, insightOf } from "./state.js";
import "./servery-changes.js";
import "./servery-what-if.js";

/** How an answer would change with its inputs, and ways to change them. Property in: `state`. */
export class ServeryWhatIfPanel extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    const prediction = state?.answer.prediction;
    if (!facts || !prediction) return nothing;
    const { draft, answer } = state;
    const insight = insightOf(state);
    const { capabilities, signature } = facts;
    const hasCurves = capabilities.includes("curves") && signature.inputs.some(isCurved);
    return html`
      ${
        hasCurves
          ? html`<servery-what-if .facts=${facts} .prediction=${prediction} .draft=${draft}
              .answer=${answer} .curve=${insight.curve} .name=${inputOfCurve(facts, insight)}></servery-what-if>`
          : nothing
      }
      ${
        capabilities.includes("counterfactuals")
          ? html`<servery-changes .facts=${facts} .prediction=${prediction} .answer=${answer}
              .draft=${draft} .target=${insight.target} .changes=${insight.changes}></servery-changes>`
          : nothing
      }
      ${
        capabilities.includes("nearest-rows")
          ? html`<servery-nearest .state=${state}></servery-nearest>
            <servery-known .state=${state}></servery-known>`
          : nothing
      }
    `;
  }
}

customElements.define("servery-what-if-panel", ServeryWhatIfPanel);
