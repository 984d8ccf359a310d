import * as say from "#words/insight";
import { html, nothing } from "lit";
import { typedIn } from "../lib/draft.js";
import { estimateText, ExplainedElement } from "./explained-element.js";
import { effectsOf, largestFirst } from "./state.js";
import { changeText, directionOf, measureOf } from "./measure.js";
import { controlOf } from "./reveal.js";

/** @typedef {import("./measure.js").Measure} Measure */
/** @typedef {import("../lib/types.js").Contribution} Contribution */
/** @typedef {import("../lib/types.js").Explanation} Explanation */

const STRONGEST = 6;
const DEGREES = 4;

/**
 * What each word of a text adds or takes: in the text itself, and the strongest as a list.
 * Property in, besides those of `ExplainedElement`: `asked` (the question it belongs to).
 */
export class ServeryMarkedText extends ExplainedElement {
  static properties = {
    ...ExplainedElement.properties,
    asked: { attribute: false },
    marked: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Draft | null} */
    this.asked = null;
    /** @type {Contribution | null} the word whose row is pointed at */
    this.marked = null;
  }

  render() {
    const { explanation } = this;
    if (!explanation) return nothing;
    return this.framed(explanation, explanation.body ? this.#body(explanation.body) : nothing);
  }

  /** @param {Explanation} explanation */
  #body(explanation) {
    const { facts, prediction } = this;
    if (!facts || !prediction) return nothing;
    const words = effectsOf(explanation);
    const rows = largestFirst(words);
    const reach = Math.abs(rows[0]?.contribution ?? 0);
    const measure = measureOf(facts, prediction, explanation.output, reach);
    return html`
      <div class="insight-body" data-stale=${this.isStale ? "" : nothing}>
        <p class="help">
          ${say.markedLead(measure.name, strong(measure.figure(explanation.base)), strong(measure.figure(explanation.prediction)))}
        </p>
        <p class="marked-text">${this.#pieces(words, measure, reach)}</p>
        <p class="key" aria-hidden="true">
          <span><span class="marked-word" data-sign="up" data-degree="3">${say.raisesIt}</span></span>
          <span><span class="marked-word" data-sign="down" data-degree="3">${say.lowersIt}</span></span>
        </p>
        <ol class="moves" aria-label=${say.theStrongestWords}>
          ${rows.slice(0, STRONGEST).map((row) => this.#row(row, measure, reach))}
          ${rest(rows.slice(STRONGEST), measure)}
        </ol>
        ${estimateText(explanation, measure)} ${table(explanation, rows, measure)}
      </div>
    `;
  }

  /**
   * The text as it was asked, its words marked where they stand.
   * @param {readonly Contribution[]} words
   * @param {Measure} measure
   * @param {number} reach
   */
  #pieces(words, measure, reach) {
    const letters = Array.from(typedIn(this.asked ?? {}, words[0]?.input ?? "") ?? "");
    let at = 0;
    const pieces = words.map((word) => {
      const { start = at, end = at, contribution } = word;
      const before = letters.slice(at, start).join("");
      at = Math.max(at, end);
      return html`${before}<span class="marked-word" data-sign=${directionOf(measure, contribution)}
        data-degree=${Math.round((DEGREES * Math.abs(contribution)) / (reach || 1))}
        data-here=${this.marked === word ? "" : nothing}>${letters.slice(start, end).join("")}</span>`;
    });
    return html`${pieces}${letters.slice(at).join("")}`;
  }

  /**
   * @param {Contribution} row
   * @param {Measure} measure
   * @param {number} reach
   */
  #row(row, measure, reach) {
    const { value, contribution, input } = row;
    const mark = () => {
      this.marked = row;
    };
    const unmark = () => {
      this.marked = null;
    };
    return html`
      <li data-sign=${directionOf(measure, contribution)} @pointerenter=${mark} @pointerleave=${unmark}
        @focusin=${mark} @focusout=${unmark}>
        <button type="button" class="move" title=${say.goToThisWord} @click=${() => select(input, row)}>
          <span class="move-words">${value}</span>
          ${bar(directionOf(measure, contribution) === "none" ? 0 : contribution, reach)}
          <span class="move-figure" aria-hidden="true">${measure.difference(contribution)}</span>
          <span class="visually-hidden">${changeText(measure, contribution)}</span>
        </button>
      </li>
    `;
  }
}

customElements.define("servery-marked-text", ServeryMarkedText);

/** @param {string} figure */
function strong(figure) {
  return html`<strong>${figure}</strong>`;
}

/**
 * The box counts in UTF-16 units, the explanation in code points.
 * @param {string} input
 * @param {Contribution} word
 */
function select(input, { start = 0, end = 0 }) {
  const box = controlOf(input);
  if (!(box instanceof HTMLTextAreaElement)) return;
  const letters = Array.from(box.value);
  const from = letters.slice(0, start).join("").length;
  box.focus();
  box.setSelectionRange(from, from + letters.slice(start, end).join("").length);
}

/**
 * @param {number} value
 * @param {number} reach
 */
function bar(value, reach) {
  const share = (50 * value) / (reach || 1);
  return html`
    <svg class="move-bar" aria-hidden="true">
      <rect x=${`${50 + Math.min(0, share)}%`} width=${`${Math.abs(share)}%`} y="25%" height="50%" rx="2"></rect>
      <line class="zero" x1="50%" x2="50%" y1="0" y2="100%"></line>
    </svg>
  `;
}

/**
 * @param {Contribution[]} rows
 * @param {Measure} measure
 */
function rest(rows, measure) {
  if (rows.length === 0) return nothing;
  const sum = rows.reduce((total, row) => total + row.contribution, 0);
  const words = say.moreWords(rows.length);
  return html`<li class="total"><span>${words}</span> <strong>${measure.difference(sum)}</strong></li>`;
}

/**
 * @param {Explanation} explanation
 * @param {Contribution[]} rows
 * @param {Measure} measure
 */
function table({ base, prediction }, rows, measure) {
  return html`
    <details class="as-table">
      <summary>${say.asATable}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${say.influencesAsTable}>
        <table>
          <caption class="visually-hidden">${measure.name}</caption>
          <thead><tr><th scope="col">${say.word}</th><th scope="col">${say.movesItBy}</th></tr></thead>
          <tbody>
            <tr><th scope="row">${say.withoutTheWords}</th><td>${measure.figure(base)}</td></tr>
            ${rows.map((row) => html`<tr><th scope="row">${row.value}</th><td>${measure.difference(row.contribution)}</td></tr>`)}
            <tr><th scope="row">${say.thisAnswer}</th><td>${measure.figure(prediction)}</td></tr>
          </tbody>
        </table>
      </div>
    </details>
  `;
}
