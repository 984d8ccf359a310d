import { html, nothing } from "lit";
import { StateElement } from "../lib/element.js";
import "./servery-answer.js";
import { formOf } from "./servery-form.js";

/** The question and its answer, side by side. Property in: `state`. */
export class ServeryAsk extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts || state.route.page !== "model") return nothing;
    return html`
      <div class="bench">
        ${formOf(state, facts)}
        <div class="answer-column">
          <servery-answer .facts=${facts} .answer=${state.answer} .draft=${state.draft} .kept=${state.route.kept}></servery-answer>
          <servery-insight .state=${state} data-awaited=${facts.capabilities.includes("explanations") ? "" : nothing}></servery-insight>
        </div>
        <servery-what-if-panel .state=${state}></servery-what-if-panel>
      </div>
      <servery-scenarios .state=${state}></servery-scenarios>
      <servery-printed .facts=${facts}></servery-printed>
      <servery-answer-bar .facts=${facts} .answer=${state.answer} .draft=${state.draft}></servery-answer-bar>
    `;
  }
}

customElements.define("servery-ask", ServeryAsk);
