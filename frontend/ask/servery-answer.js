import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isSame } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import { isServerFault } from "../lib/retry.js";
import { isOfOlderInputs } from "./state.js";
import {
  doubtOf,
  headlineUndoubted,
  hindrance,
  littleText,
  partsOf,
  unmeasuredText,
  warningText,
  warningsCounted,
} from "./words.js";
import "./servery-question.js";
import "./servery-figures.js";
import "./servery-outcome.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Warning} Warning */
/** @typedef {import("./state.js").Answer} Answer */

const FEW = 3;

/**
 * The answer, and how far to trust it. Properties in: `facts`, `answer`, `draft` (the inputs as they
 * are now), `pin` (the question that is kept to compare with).
 */
export class ServeryAnswer extends PageElement {
  static properties = {
    facts: { attribute: false },
    answer: { attribute: false },
    draft: { attribute: false },
    pin: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    /** @type {import("../lib/types.js").Draft | null} */
    this.pin = null;
  }

  render() {
    const { facts, answer } = this;
    if (!facts || !answer) return nothing;
    const { prediction, status } = answer;
    const isStale = status !== "ready";
    const isOlder = isOfOlderInputs(answer, this.draft);
    return html`
      <section class="answer" aria-label="Answer" data-status=${status}
        data-warned=${prediction?.warnings.length ? "" : nothing}
        aria-busy=${status === "asking"}>
        ${this.#state(answer)}
        <div class="answer-body" data-stale=${isStale ? "" : nothing} data-older=${isOlder ? "" : nothing}>
          ${isOlder ? html`<p class="older">Before your change</p>` : nothing}
          <h2>${facts.signature.output.label}</h2>
          ${prediction ? html`${body(facts, prediction)} ${this.#foot(facts, answer)}` : blank(answer)}
        </div>
      </section>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Answer} answer
   */
  #foot({ signature: { inputs } }, { asked }) {
    const isPinned = this.pin !== null && isSame(this.pin, asked);
    return html`
      <div class="answer-foot">
        <servery-question .inputs=${inputs} .asked=${asked}></servery-question>
        <button type="button" class="quiet" @click=${() => window.print()}>Print or save as PDF</button>
        <button type="button" class="quiet" aria-pressed=${isPinned}
          @click=${() => this.emit("pin", isPinned ? null : asked)}>
          ${isPinned ? "Pinned" : "Pin this answer"}
        </button>
      </div>
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
          ${id ? html`<small>Request <code>${id}</code></small>` : nothing}
        </span>
        ${canRetry ? html`<button type="button" class="quiet" @click=${() => this.emit("retry")}>Try now</button>` : nothing}
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
          Fill in the inputs or start from an example. The answer changes as you type.
        </p>
      </div>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function body(facts, prediction) {
  const { output } = facts.signature;
  const doubt = doubtOf(prediction);
  const little = littleText(facts);
  const unmeasured = doubt ? "" : unmeasuredText(facts, prediction);
  const { rows } = facts.training;
  return html`
    ${doubt ? doubted(doubt, facts, prediction) : nothing}
    ${output.outputs ? several(output, prediction, rows) : one(output, prediction, rows, doubt !== null)}
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
 * @param {Output} output
 * @param {Prediction} prediction
 * @param {number | null} rows
 */
function several(output, prediction, rows) {
  const parts = partsOf(output, prediction);
  return html`
    <ul class="parts" data-many=${parts.length > FEW ? "" : nothing}>
      ${repeat(
        parts,
        (part) => part.output.name,
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

/**
 * No firm verdict: the prediction comes second.
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
          The model says “${headlineUndoubted(facts.signature.output, prediction, facts.training.rows)}”, but do not
          rely on it.
        </p>
      </div>
    </div>
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
    <ul class="warnings" aria-label="Warnings">
      ${shown.map((warning) => {
        const { label, words } = warningText(facts, warning);
        return html`<li><strong>${label}</strong> ${words}</li>`;
      })}
    </ul>
  `;
}
