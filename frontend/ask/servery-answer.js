import * as common from "#words/common";
import * as say from "#words/ask";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { isServerFault } from "../lib/retry.js";
import { isOfOlderInputs } from "./state.js";
import { doubtOf, hindrance, littleText, unmeasuredText, warningText } from "./words.js";
import "./servery-figures.js";
import "./servery-outcome.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Warning} Warning */
/** @typedef {import("./state.js").Answer} Answer */

/**
 * The answer, and how far to trust it. Properties in: `facts`, `answer`, `draft` (the inputs as they
 * are now), `kept` (questions that are kept to compare with).
 */
export class ServeryAnswer extends PageElement {
  static properties = {
    facts: { attribute: false },
    answer: { attribute: false },
    draft: { attribute: false },
    kept: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    /** @type {import("../lib/address.js").Kept[]} */
    this.kept = [];
  }

  render() {
    const { facts, answer } = this;
    if (!facts || !answer) return nothing;
    const { prediction, status } = answer;
    const isStale = status !== "ready";
    const isOlder = isOfOlderInputs(answer, this.draft);
    return html`
      <section class="answer" aria-label=${say.answer} data-status=${status}
        data-warned=${prediction?.warnings.length ? "" : nothing}
        aria-busy=${status === "asking"}>
        ${this.#state(answer)}
        <div class="answer-body" data-stale=${isStale ? "" : nothing} data-older=${isOlder ? "" : nothing}>
          ${isOlder ? html`<p class="older">${say.beforeYourChange}</p>` : nothing}
          <h2>${facts.signature.output.label}</h2>
          ${
            prediction
              ? html`
                  ${body(facts, prediction)}
                  <servery-answer-foot .inputs=${facts.signature.inputs} .asked=${answer.asked} .kept=${this.kept}></servery-answer-foot>
                `
              : blank(answer)
          }
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
    const canRetry = status === "unreachable" || (status === "refused" && isServerFault(problem));
    return html`
      <p class="answer-state">
        <span>
          ${hindrance(answer) || progress(answer)}
          ${id ? html`<small>${common.request} <code>${id}</code></small>` : nothing}
        </span>
        ${canRetry ? html`<button type="button" class="quiet" @click=${() => this.emit("retry")}>${common.tryNow}</button>` : nothing}
      </p>
    `;
  }
}

customElements.define("servery-answer", ServeryAnswer);

/** @param {Answer} answer */
function progress({ status, prediction, took_ms }) {
  if (!prediction) return status === "asking" ? say.asking : say.ready;
  return say.answeredIn(Math.max(1, Math.round(took_ms)), prediction.warnings.length);
}

/** @param {Answer} answer */
function blank({ status }) {
  if (status === "asking") return html`<div class="skeleton skeleton-answer"></div>`;
  return html`
    <div class="outcome" data-blank>
      <div>
        <p class="verdict" aria-hidden="true">–</p>
        <p class="message">
          ${say.howToBegin}
        </p>
      </div>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 * @returns {unknown} the outcome, how far to trust it, and warnings
 */
export function body(facts, prediction) {
  const { output } = facts.signature;
  const doubt = doubtOf(prediction);
  const little = littleText(facts);
  const unmeasured = doubt ? "" : unmeasuredText(facts, prediction);
  const { rows } = facts.training;
  return html`
    ${doubt ? html`<servery-doubt .facts=${facts} .prediction=${prediction} .doubt=${doubt}></servery-doubt>` : nothing}
    ${output.outputs ? html`<servery-parts .output=${output} .prediction=${prediction} .rows=${rows}></servery-parts>` : one(output, prediction, rows, doubt !== null)}
    ${warnings(facts, prediction, doubt)} ${unmeasured ? html`<p class="little">${unmeasured}</p>` : nothing} ${little ? html`<p class="little">${little}</p>` : nothing}
  `;
}

/**
 * @param {Output} output
 * @param {Prediction} prediction
 * @param {number | null} rows
 * @param {boolean} isDoubted
 */
function one(output, prediction, rows, isDoubted) {
  return html`
    ${isDoubted ? nothing : html`<servery-outcome .output=${output} .predicted=${prediction} .rows=${rows}></servery-outcome>`}
    <servery-figures .output=${output} .predicted=${prediction} .rows=${rows} .isDoubted=${isDoubted}></servery-figures>
  `;
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
    <ul class="warnings" aria-label=${common.warnings}>
      ${shown.map((warning) => {
        const { label, words } = warningText(facts, warning);
        return html`<li><strong>${label}</strong> ${words}</li>`;
      })}
    </ul>
  `;
}
