import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import "../about/servery-calibration.js";
import "../about/servery-confusion.js";
import "../about/servery-groups.js";
import "../about/servery-residuals.js";
import { PageElement } from "../lib/element.js";
import { inLabels } from "../about/words.js";
import { count, percentRound, quantity } from "../lib/format.js";
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
    <section class="card" aria-label=${say.comparedWithTheTrueOutcomes}>
      <div class="card-head">
        <h3>${say.comparedWithTheTrueOutcomes}</h3>
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
    [blank, say.withoutAnOutcome],
    [unknown, say.unknownOutcome],
    [unanswered, say.withoutAPrediction],
  ].filter(([number]) => Number(number) > 0);
  const out = left.map(([number, why]) => `${count(Number(number))} ${why}`).join(", ");
  const all = say.comparedRows(rows, target);
  return out ? `${all} ${say.leftOut(out)}` : all;
}

/** @param {NonNullable<OutputEvaluation["coverage"]>} coverage */
function coverageText({ kind, stated, measured, low, high }) {
  const held = kind === "interval" ? say.intervalsHeld : say.setsHeld;
  return held(percentRound(stated), tenths(measured), tenths(low), tenths(high));
}

/**
 * @param {Facts} facts
 * @param {readonly TableMetric[]} list
 */
function metrics(facts, list) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${say.figuresOfThisFileAnd}>
      <table>
        <caption class="visually-hidden">${say.figuresOfThisFileAnd}</caption>
        <thead>
          <tr>
            <th scope="col">${say.figure}</th><th scope="col">${say.thisFile}</th>
            <th scope="col">${common.likelyBetween}</th><th scope="col">${say.card}</th>
          </tr>
        </thead>
        <tbody>
          ${list.map(
            (each) => html`
              <tr>
                <th scope="row" title=${inLabels(facts, each.meaning)}>${inLabels(facts, each.label)}</th>
                <td>${figure(each.value)}</td>
                <td>${each.low === null || each.high === null ? "–" : say.betweenText(figure(each.low), figure(each.high))}</td>
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
