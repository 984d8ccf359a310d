import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { mistakesOf } from "./mistakes.js";
import { className, confusionText, sum } from "./words.js";
import { count } from "../lib/format.js";
import { share } from "../lib/rates.js";
import { MeasuredElement } from "./measured-element.js";
import { panel } from "../plots/panel.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Confusion} Confusion */

/** With more classes, the matrix alone shows them. */
const TOLD = 4;
const SHADES = 6;
/** No screen holds the matrix of more, so what matters in it comes first. */
const MANY = 12;
const SHOWN = 10;
const KEY = html`<p class="key">${say.confusionKey}</p>`;

/**
 * What was true against what was called: a table, shaded by the share of its row.
 * @extends {MeasuredElement<Confusion>}
 */
export class ServeryConfusion extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured) return nothing;
    const summary = confusionText(facts, measured);
    return panel({
      title: say.confusionMatrix,
      words: html`<ul class="summary">${summary.slice(0, TOLD).map((each) => html`<li>${each}</li>`)}</ul>`,
      plot:
        measured.classes.length > MANY
          ? html`${mistakes(facts, measured)}
              <details>
                <summary>${say.allClasses(measured.classes.length)}</summary>
                ${matrix(facts, measured)} ${KEY}
              </details>`
          : html`${matrix(facts, measured)} ${KEY}`,
      kind: "confusion",
    });
  }
}

customElements.define("servery-confusion", ServeryConfusion);

/**
 * @param {Facts} facts
 * @param {Confusion} confusion
 */
function mistakes(facts, confusion) {
  const found = mistakesOf(confusion);
  if (found.length === 0) return html`<p>${say.everyRowWasPredictedCorrectly}</p>`;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${say.mostFrequentMistakes}>
      <table class="mistakes">
        <caption>${say.mostFrequentMistakes}</caption>
        <thead>
          <tr><th scope="col">${common.actual}</th><th scope="col">${common.predicted}</th><th scope="col">${common.rows}</th><th scope="col">${say.ofTheActual}</th></tr>
        </thead>
        <tbody>
          ${found
            .slice(0, SHOWN)
            .map(
              ({ actual, predicted, rows, total }) =>
                html`<tr><th scope="row">${className(facts, actual)}</th><td>${className(facts, predicted)}</td><td>${count(rows)}</td><td>${share(rows, total)}</td></tr>`,
            )}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Confusion} confusion
 */
function matrix(facts, { classes, counts }) {
  const names = classes.map((value) => className(facts, value));
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${say.confusionMatrix}>
      <table class="matrix" data-many=${classes.length > 3 ? "" : nothing}>
        <caption class="visually-hidden">${say.confusionCaption}</caption>
        <thead>
          <tr>
            <th scope="col" rowspan="2">${common.actual}</th>
            <th scope="colgroup" colspan=${classes.length}>${common.predicted}</th>
          </tr>
          <tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${counts.map(
            (row, index) =>
              html`<tr><th scope="row">${names[index]}</th>${row.map((each, at) => cell(each, sum(row), at === index))}</tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * @param {number} rows
 * @param {number} total
 * @param {boolean} isRight
 */
function cell(rows, total, isRight) {
  const shade = total > 0 ? Math.ceil((SHADES * rows) / total) : 0;
  return html`
    <td data-shade=${shade} data-right=${isRight ? "" : nothing}>
      <strong>${count(rows)}</strong> <small>${share(rows, total)}</small>
    </td>
  `;
}
