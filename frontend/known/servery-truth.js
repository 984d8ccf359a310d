import { html, nothing } from "lit";
import * as say from "#words/known";
import { isSame } from "../lib/draft.js";
import { StateElement } from "../lib/element.js";
import { pickedOf } from "./state.js";
import { truthText } from "./words.js";

/** The truth beside the answer, while the form holds a row whose outcome is known. Property in: `state`. */
export class ServeryTruth extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    const row = state && pickedOf(state);
    const { prediction, asked, status } = state?.answer ?? {};
    if (!state || !facts || !row || !prediction || status !== "ready") return nothing;
    if (!asked || !isSame(asked, state.draft)) return nothing;
    const { truth, words, isWrong } = truthText(facts, prediction, row);
    return html`
      <section class="truth" aria-label=${say.trueOutcome} role="status" data-wrong=${isWrong ? "" : nothing}>
        <p><span>${say.trueOutcome}</span> <strong>${truth}</strong></p>
        <p class="small">${words.join(" ")}</p>
      </section>
    `;
  }
}

customElements.define("servery-truth", ServeryTruth);
