import { html, nothing } from "lit";
import "../about/servery-calibration.js";
import "../about/servery-confusion.js";
import "../about/servery-groups.js";
import "../about/servery-residuals.js";
import { PageElement } from "../lib/element.js";
import { inLabels } from "../about/words.js";
import { count, quantity } from "../lib/format.js";
import { tenths } from "../lib/rates.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").OutputEvaluation} OutputEvaluation */
/** @typedef {import("../lib/types.js").TableMetric} TableMetric */

/** How well the model did on a file with true outcomes. Properties in: `facts`, `evaluation`. */
export class ServeryBatchEvaluation extends PageElement {
  static properties = { facts: { attribute: false }, evaluation: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").TableEvaluation | null} */
    this.evaluation = null;
  }

  render() {
    const { facts, evaluation } = this;
    if (!facts || !evaluation) return nothing;
    return evaluation.outputs.map((output) => shown(facts, output));
  }
}

customElements.define("servery-batch-evaluation", ServeryBatchEvaluation);

/**
 * @param {Facts} facts
 * @param {OutputEvaluation} output
 */
function shown(facts, output) {
  const { confusion, calibration, residuals } = output.plots;
  return html`
    <section class="card" aria-label="Compared with the true outcomes">
      <div class="card-head">
        <h3>Compared with the true outcomes</h3>
        <p class="help">${comparedText(output)}</p>
      </div>
      ${output.metrics.length > 0 ? metrics(facts, output.metrics) : nothing}
      ${output.coverage ? html`<p>${coverageText(output.coverage)}</p>` : nothing}
      ${remarksOf(output).map((each) => html`<p class="caution">${each}</p>`)}
    </section>
    <div class="panels-grid">
      ${confusion ? html`<servery-confusion .facts=${facts} .measured=${confusion}></servery-confusion>` : nothing}
      ${calibration ? html`<servery-calibration .facts=${facts} .measured=${calibration}></servery-calibration>` : nothing}
      ${residuals ? html`<servery-residuals .facts=${facts} .measured=${residuals}></servery-residuals>` : nothing}
    </div>
    ${output.groups.map((each) => html`<servery-groups .facts=${facts} .measured=${each}></servery-groups>`)}
  `;
}

/**
 * @param {OutputEvaluation} output
 * @returns {readonly string[]} without the first one if the page already says it above
 */
function remarksOf({ remarks, threshold }) {
  return threshold ? remarks.slice(1) : remarks;
}

/** @param {OutputEvaluation} output */
function comparedText({ target, rows, blank, unknown, unanswered }) {
  const left = [
    [blank, "without an outcome"],
    [unknown, "with an outcome that the model does not know"],
    [unanswered, "without a prediction"],
  ].filter(([number]) => Number(number) > 0);
  const out = left.map(([number, why]) => `${count(Number(number))} ${why}`).join(", ");
  const all = `${count(rows)} rows, by the column “${target}”.`;
  return out ? `${all} Left out: ${out}.` : all;
}

/** @param {NonNullable<OutputEvaluation["coverage"]>} coverage */
function coverageText({ kind, stated, measured, low, high }) {
  const what = kind === "interval" ? "intervals" : "prediction sets";
  return `The ${quantity(100 * stated, 0)}% ${what} held ${tenths(measured)} of the outcomes; likely between ${tenths(low)} and ${tenths(high)}.`;
}

/**
 * @param {Facts} facts
 * @param {readonly TableMetric[]} list
 */
function metrics(facts, list) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Figures of this file and of the card">
      <table>
        <caption class="visually-hidden">Figures of this file and of the card</caption>
        <thead>
          <tr>
            <th scope="col">Figure</th><th scope="col">This file</th>
            <th scope="col">Likely between</th><th scope="col">Card</th>
          </tr>
        </thead>
        <tbody>
          ${list.map(
            (each) => html`
              <tr>
                <th scope="row" title=${inLabels(facts, each.meaning)}>${inLabels(facts, each.label)}</th>
                <td>${figure(each.value)}</td>
                <td>${each.low === null || each.high === null ? "–" : `${figure(each.low)} and ${figure(each.high)}`}</td>
                <td>${each.card ? figure(each.card.value) : "–"}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {number} value */
function figure(value) {
  return quantity(value, Math.abs(value) >= 1000 ? 0 : 3);
}
