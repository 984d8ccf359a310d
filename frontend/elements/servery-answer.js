import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { percent } from "../lib/format.js";
import { apiAddress } from "../lib/origin.js";
import { doubtOf, figure, outcomeOf, probabilityOf } from "../lib/words.js";
import "./servery-asked.js";
import "./servery-place.js";
import "./servery-probabilities.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/transitions.js").Answer} Answer */

/** The answer, and how far to trust it. Properties in: `facts`, `answer`. */
export class ServeryAnswer extends PageElement {
  static properties = { facts: { attribute: false }, answer: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Answer | null} */
    this.answer = null;
  }

  render() {
    const { facts, answer } = this;
    if (!facts || !answer) return nothing;
    const { prediction } = answer;
    const isStale = answer.status !== "ready";
    return html`
      <section class="answer" aria-label="Answer" data-status=${answer.status}
        aria-busy=${answer.status === "asking"}>
        ${state(answer, this)}
        <div class="answer-body" data-stale=${isStale ? "" : nothing}>
          ${prediction ? body(facts, prediction, answer) : blank(answer)}
        </div>
      </section>
    `;
  }
}

customElements.define("servery-answer", ServeryAnswer);

/**
 * What keeps the answer from being the present one.
 * @param {Answer} answer
 * @param {ServeryAnswer} element
 */
function state(answer, element) {
  const words = {
    unreachable: "The server does not answer. What you typed is kept; trying again …",
    invalid: "Some inputs need mending before the model can answer.",
    incomplete: "Fill in the rest, and the answer follows.",
  };
  if (answer.status === "refused") {
    return html`<p class="state" data-tone="fault">
      ${answer.problem?.title}: ${answer.problem?.detail}
    </p>`;
  }
  if (answer.slow) return html`<p class="state">Still working …</p>`;
  const text = /** @type {Record<string, string>} */ (words)[answer.status];
  if (!text) return html`<p class="state" data-empty></p>`;
  return html`<p class="state" data-tone=${answer.status === "incomplete" ? "plain" : "fault"}>
    ${text}
    ${answer.status === "unreachable" ? html`<button type="button" class="quiet" @click=${() => element.wish("retry")}>Try now</button>` : nothing}
  </p>`;
}

/** @param {Answer} answer */
function blank(answer) {
  if (answer.status === "asking") return html`<div class="skeleton"></div>`;
  return html`
    <p class="answer-label">Answer</p>
    <p class="verdict" data-blank>–</p>
    <p class="message">Give the inputs, or start from an example. The answer follows as they change.</p>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Answer} answer
 */
function body(facts, prediction, answer) {
  const { output } = facts.signature;
  const outcome = outcomeOf(facts, prediction);
  const doubt = doubtOf(prediction);
  const isClass = output.task === "classification";
  return html`
    <div class="outcome" data-tone=${doubt ? "caution" : (outcome?.tone ?? "neutral")}>
      <div>
        <p class="answer-label">${output.label}</p>
        ${doubt ? doubtful(doubt.detail, facts, prediction) : verdict(facts, prediction, outcome)}
      </div>
      ${outcome?.picture && !doubt ? html`<img src=${apiAddress(outcome.picture)} alt="" width="96" height="96" />` : nothing}
    </div>
    ${warnings(facts, prediction, doubt)}
    ${
      isClass
        ? html`<servery-probabilities .output=${output} .rows=${prediction.probabilities ?? []}></servery-probabilities>`
        : html`<servery-place .output=${output} .value=${Number(prediction.prediction)}></servery-place>`
    }
    <servery-asked .inputs=${facts.signature.inputs} .asked=${answer.asked}></servery-asked>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {import("../lib/types.js").Outcome | null} outcome
 */
function verdict(facts, prediction, outcome) {
  const { output } = facts.signature;
  const chance = probabilityOf(prediction);
  const words = output.task === "regression" ? figure(facts, prediction) : prediction.label;
  const beside =
    output.task === "regression" ? prediction.label : chance !== null && percent(chance);
  return html`
    <p class="verdict"><output>${words}</output></p>
    ${beside ? html`<p class="chance">${beside}</p>` : nothing}
    ${outcome?.message ? html`<p class="message">${outcome.message}</p>` : nothing}
  `;
}

/**
 * No firm verdict: what the model would say stands second.
 * @param {string} detail
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function doubtful(detail, facts, prediction) {
  const isClass = facts.signature.output.task === "classification";
  return html`
    <p class="verdict" data-doubt><output>No verdict</output></p>
    <p class="message">${detail}</p>
    <p class="message">For what it is worth, the model would say “${isClass ? prediction.label : figure(facts, prediction)}”.</p>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {import("../lib/types.js").Warning | null} doubt
 */
function warnings(facts, prediction, doubt) {
  const shown = prediction.warnings.filter((warning) => warning !== doubt);
  if (shown.length === 0) return nothing;
  const labels = new Map(facts.signature.inputs.map((input) => [input.name, input.label]));
  return html`
    <ul class="warnings" aria-label="Warnings">
      ${shown.map(
        ({ input, code, detail }) => html`
          <li><strong>${labels.get(input) ?? input}</strong> ${WARNINGS[code] ?? ""} ${detail}</li>
        `,
      )}
    </ul>
  `;
}

/** @type {Record<string, string>} */
const WARNINGS = {
  "outside-training-range": "lies outside what the model has seen, so the answer is a guess there.",
};
