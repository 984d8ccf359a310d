import * as common from "#words/common";
import * as say from "#words/insight";
import { html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { estimateText, ExplainedElement } from "./explained-element.js";
import { effectsOf, isCurved, largestFirst } from "./state.js";
import { changeText, correlatedText, directionOf, measureOf, valueText } from "./measure.js";
import { goTo, reveal } from "./reveal.js";

/** @typedef {import("./measure.js").Measure} Measure */
/** @typedef {import("../lib/types.js").Contribution} Contribution */
/** @typedef {import("../lib/types.js").Explanation} Explanation */
/** @typedef {import("../lib/types.js").Input} Input */

const MANY = 10;
const FIRST = 8;

/**
 * What each input adds to the average, or takes from it, the largest first.
 * Properties in, besides those of `ExplainedElement`: `chosen` (the input whose curve is shown),
 * `pointed` (the input that is marked).
 */
export class ServeryContributions extends ExplainedElement {
  static properties = {
    ...ExplainedElement.properties,
    chosen: { attribute: false },
    pointed: { attribute: false },
    isWhole: { state: true },
  };

  constructor() {
    super();
    /** @type {string | null} */
    this.chosen = null;
    /** @type {string | null} */
    this.pointed = null;
    this.isWhole = false;
  }

  render() {
    const { facts, explanation } = this;
    if (!facts || !explanation) return nothing;
    const { body, status } = explanation;
    return this.framed(
      explanation,
      body ? this.#body(body) : blank(facts.signature.inputs.length, status),
    );
  }

  /** @param {Explanation} explanation */
  #body(explanation) {
    const { facts, prediction } = this;
    if (!facts || !prediction) return nothing;
    const rows = largestFirst(effectsOf(explanation));
    const spread = Math.max(...rows.map((row) => Math.abs(row.contribution)), 0);
    const measure = measureOf(facts, prediction, explanation.output, spread);
    const isLong = rows.length > MANY;
    const shown = isLong && !this.isWhole ? rows.slice(0, FIRST) : rows;
    const rest = rows.slice(shown.length);
    const scale = scaleOf(rows);
    const correlated = correlatedText(facts, explanation.correlated);
    return html`
      <div class="insight-body" data-stale=${this.isStale ? "" : nothing}>
        <p class="help">
          ${measure.unit ? say.contributionsLeadIn(measure.name, measure.unit) : say.contributionsLead(measure.name)}
        </p>
        <ol class="moves" data-curved=${this.chosen === null ? nothing : ""}>
          ${total(say.onAverage, measure.plain(explanation.base))}
          ${repeat(
            shown,
            (row) => row.input,
            (row) => this.#row(row, measure, scale),
          )}
          ${rest.length > 0 ? total(say.moreTogether(rest.length), measure.difference(sumOf(rest))) : nothing}
          ${total(say.thisAnswer, measure.plain(explanation.prediction))}
        </ol>
        ${isLong ? this.#toggle(rows.length) : nothing}
        ${estimateText(explanation, measure)}
        ${correlated ? html`<details class="as-table"><summary>${say.correlatedInputs}</summary><p class="help">${correlated}</p></details>` : nothing}
        ${this.#table(explanation, rows, measure)}
      </div>
    `;
  }

  /**
   * @param {Contribution} row
   * @param {Measure} measure
   * @param {(value: number) => number} scale
   */
  #row({ input: name, value, contribution, standard_error }, measure, scale) {
    const input = this.#input(name);
    if (!input) return nothing;
    const direction = directionOf(measure, contribution);
    const point = () => this.emit("point", name);
    const unpoint = () => this.emit("point", null);
    return html`
      <li data-sign=${direction} data-pointed=${this.pointed === name ? "" : nothing}
        @pointerenter=${point} @pointerleave=${unpoint} @focusin=${point} @focusout=${unpoint}>
        <button type="button" class="move" title=${say.goToThisInput} @click=${() => goTo(name)}>
          <span class="move-words"><span>${input.label}</span> <small>${valueText(input, value)}</small></span>
          ${bar(direction === "none" ? 0 : contribution, standard_error, scale)}
          <span class="move-figure" aria-hidden="true">${measure.difference(contribution)}</span>
          <span class="visually-hidden">${changeText(measure, contribution)}</span>
        </button>
        ${this.chosen !== null && isCurved(input) ? this.#curveButton(input) : nothing}
      </li>
    `;
  }

  /** @param {Input} input */
  #curveButton({ name, label }) {
    const show = () => {
      this.emit("choose", name);
      reveal("servery-what-if");
    };
    return html`
      <button type="button" class="quiet to-curve" aria-pressed=${this.chosen === name} @click=${show}
        title=${say.whatIfItWereDifferent}>
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 15c5 0 4-10 9-10 4 0 4 5 7 5"></path></svg>
        <span class="visually-hidden">${say.whatIfWereDifferent(label)}</span>
      </button>
    `;
  }

  /** @param {number} count */
  #toggle(count) {
    const toggle = () => {
      this.isWhole = !this.isWhole;
    };
    return html`
      <button type="button" class="quiet toggle" aria-expanded=${this.isWhole} @click=${toggle}>
        ${this.isWhole ? common.showTheFirst(FIRST) : common.showAll(count)}
      </button>
    `;
  }

  /**
   * @param {Explanation} explanation
   * @param {Contribution[]} rows
   * @param {Measure} measure
   */
  #table({ base, prediction, method: how }, rows, measure) {
    const isSampled = how === "sampled";
    return html`
      <details class="as-table">
        <summary>${say.asATable}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${say.influencesAsTable}>
          <table>
            <caption class="visually-hidden">${measure.name}</caption>
            <thead>
              <tr>
                <th scope="col">${common.input}</th>
                <th scope="col">${common.value}</th>
                <th scope="col">${say.movesItBy}</th>
                ${isSampled ? html`<th scope="col">${common.standardError}</th>` : nothing}
              </tr>
            </thead>
            <tbody>
              <tr><th scope="row">${say.onAverage}</th><td></td><td>${measure.figure(base)}</td>${isSampled ? html`<td></td>` : nothing}</tr>
              ${rows.map((row) => {
                const input = this.#input(row.input);
                return html`
                  <tr>
                    <th scope="row">${input?.label ?? row.input}</th>
                    <td>${input ? valueText(input, row.value) : nothing}</td>
                    <td>${measure.difference(row.contribution)}</td>
                    ${isSampled ? html`<td>± ${measure.size(row.standard_error)}</td>` : nothing}
                  </tr>
                `;
              })}
              <tr><th scope="row">${say.thisAnswer}</th><td></td><td>${measure.figure(prediction)}</td>${isSampled ? html`<td></td>` : nothing}</tr>
            </tbody>
          </table>
        </div>
      </details>
    `;
  }

  /** @param {string} name */
  #input(name) {
    return this.facts?.signature.inputs.find((input) => input.name === name) ?? null;
  }
}

customElements.define("servery-contributions", ServeryContributions);

/**
 * The room that the rows will take, so that nothing below jumps when they come.
 * @param {number} count
 * @param {string} status
 */
function blank(count, status) {
  if (status === "failed") return nothing;
  const rows = Math.min(count > MANY ? FIRST : count, MANY);
  // Two totals, what can be opened, and of several inputs those that are correlated.
  const others = count > 1 ? 4 : 3;
  return html`<ol class="moves" data-blank aria-hidden="true">
    ${Array.from({ length: rows + others }, () => html`<li></li>`)}
  </ol>`;
}

/**
 * @param {string} words
 * @param {string} figure
 */
function total(words, figure) {
  return html`<li class="total"><span>${words}</span> <strong>${figure}</strong></li>`;
}

/** @param {Contribution[]} rows */
function sumOf(rows) {
  return rows.reduce((sum, row) => sum + row.contribution, 0);
}

/** @param {Contribution[]} rows */
function scaleOf(rows) {
  const values = rows.flatMap(({ contribution: each, standard_error: error }) => [
    each - error,
    each + error,
  ]);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const reach = high - low || 1;
  return (/** @type {number} */ value) => (100 * (value - low)) / reach;
}

/**
 * @param {number} value
 * @param {number} error
 * @param {(value: number) => number} scale
 */
function bar(value, error, scale) {
  const [from, to] = [scale(Math.min(0, value)), scale(Math.max(0, value))];
  const [low, high] = [scale(value - error), scale(value + error)];
  const zero = scale(0);
  return html`
    <svg class="move-bar" aria-hidden="true">
      ${value === 0 ? nothing : svg`<rect x=${`${from}%`} width=${`${to - from}%`} y="25%" height="50%" rx="2"></rect>`}
      <line class="zero" x1=${`${zero}%`} x2=${`${zero}%`} y1="0" y2="100%"></line>
      ${error > 0 ? svg`<line class="error" x1=${`${low}%`} x2=${`${high}%`} y1="50%" y2="50%"></line>` : nothing}
    </svg>
  `;
}
