import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { percent, quantity } from "../lib/format.js";
import { apiAddress } from "../lib/origin.js";
import {
  doubtOf,
  headlineUndoubted,
  hindrance,
  outcomeOf,
  probabilityOf,
  warningSaid,
  warningsCounted,
} from "../lib/words.js";
import "./servery-asked.js";
import "./servery-place.js";
import "./servery-probabilities.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Outcome} Outcome */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Warning} Warning */
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
    const { prediction, status } = answer;
    const isStale = status !== "ready";
    return html`
      <section class="answer" aria-label="Answer" data-status=${status}
        data-warned=${prediction?.warnings.length ? "" : nothing}
        aria-busy=${status === "asking"}>
        ${this.#state(answer)}
        <div class="answer-body" data-stale=${isStale ? "" : nothing}>
          <h2>${facts.signature.output.label}</h2>
          ${prediction ? body(facts, prediction, answer) : blank(answer)}
        </div>
      </section>
    `;
  }

  /**
   * One strip, always in its place: what keeps the answer from being the present one.
   * @param {Answer} answer
   */
  #state(answer) {
    const { status, problem } = answer;
    const id = status === "refused" && problem?.request_id;
    return html`
      <p class="answer-state">
        <span>
          ${hindrance(answer) || progress(answer)}
          ${id ? html`<small>Request <code>${id}</code></small>` : nothing}
        </span>
        ${status === "unreachable" ? html`<button type="button" class="quiet" @click=${() => this.wish("retry")}>Try now</button>` : nothing}
      </p>
    `;
  }
}

customElements.define("servery-answer", ServeryAnswer);

/** @param {Answer} answer */
function progress({ status, prediction, took_ms }) {
  if (!prediction) return status === "asking" ? "Asking …" : "Ready";
  const warned = warningsCounted(prediction);
  return `Answered in ${Math.max(1, Math.round(took_ms))} ms${warned && ` with ${warned}`}`;
}

/** @param {Answer} answer */
function blank({ status }) {
  if (status === "asking") return html`<div class="skeleton skeleton-answer"></div>`;
  return html`
    <div class="outcome" data-blank>
      <div>
        <p class="verdict" aria-hidden="true">–</p>
        <p class="message">
          Give the inputs, or start from an example. The answer follows as they change.
        </p>
      </div>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Answer} answer
 */
function body(facts, prediction, answer) {
  const { inputs, output } = facts.signature;
  const doubt = doubtOf(prediction);
  const isClass = output.task === "classification";
  return html`
    ${doubt ? doubted(doubt, facts, prediction) : decided(facts, prediction)}
    ${
      isClass
        ? html`<servery-probabilities .output=${output} .prediction=${prediction}></servery-probabilities>`
        : html`<servery-place .output=${output} .value=${Number(prediction.prediction)}></servery-place>`
    }
    ${warnings(facts, prediction, doubt)}
    <servery-asked .inputs=${inputs} .asked=${answer.asked}></servery-asked>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function decided(facts, prediction) {
  const { output } = facts.signature;
  const outcome = outcomeOf(facts, prediction);
  const isClass = output.task === "classification";
  const chance = isClass ? probabilityOf(prediction) : null;
  const beside = isClass ? chance !== null && `Probability ${percent(chance)}` : prediction.label;
  const words = isClass ? named(prediction) : figure(output, Number(prediction.prediction));
  return html`
    <div class="outcome" data-tone=${outcome?.tone ?? "neutral"}>
      <div>
        <p class="verdict" data-long=${isLong(facts) ? "" : nothing}><output>${words}</output></p>
        ${beside ? html`<p class="chance">${beside}</p>` : nothing}
        ${outcome?.message ? html`<p class="message">${outcome.message}</p>` : nothing}
      </div>
      ${outcome?.picture ? html`<img src=${apiAddress(outcome.picture)} alt="" width="120" height="120" />` : nothing}
    </div>
  `;
}

/**
 * No firm verdict: what the model would say stands second.
 * @param {Warning} doubt
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function doubted(doubt, facts, prediction) {
  return html`
    <div class="outcome" data-tone="caution" data-doubt>
      <div>
        <p class="verdict"><output>No verdict</output></p>
        <p class="message">${doubt.detail}</p>
        <p class="message">
          For what little it is worth, the model says “${headlineUndoubted(facts, prediction)}”.
        </p>
      </div>
    </div>
  `;
}

/** @param {Prediction} prediction */
function named({ label, prediction }) {
  return label ?? String(prediction);
}

/**
 * @param {import("../lib/types.js").Output} output
 * @param {number} value
 */
function figure({ unit, decimals }, value) {
  return html`${quantity(value, decimals)}${unit ? html` <span class="figure-unit">${unit}</span>` : nothing}`;
}

/**
 * The size of the words is that of the longest outcome, so that nothing jumps between two.
 * @param {Facts} facts
 */
function isLong({ signature: { output } }) {
  return output.classes?.some(({ label }) => label.length > 14) ?? false;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @param {Warning | null} doubt
 */
function warnings(facts, prediction, doubt) {
  const shown = prediction.warnings.filter((warning) => warning !== doubt);
  if (shown.length === 0) return nothing;
  return html`
    <ul class="warnings" aria-label="Warnings">
      ${shown.map((warning) => {
        const { label, words } = warningSaid(facts, warning);
        return html`<li><strong>${label}</strong> ${words}</li>`;
      })}
    </ul>
  `;
}
