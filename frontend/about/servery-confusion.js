import { html, nothing } from "lit";
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
      title: "Confusion matrix",
      words: html`<ul class="summary">${summary.slice(0, TOLD).map((each) => html`<li>${each}</li>`)}</ul>`,
      plot: html`${matrix(facts, measured)}
        <p class="key">Each row adds up to 100%. Coloured cells were predicted correctly.</p>`,
      kind: "confusion",
    });
  }
}

customElements.define("servery-confusion", ServeryConfusion);

/**
 * @param {Facts} facts
 * @param {Confusion} confusion
 */
function matrix(facts, { classes, counts }) {
  const names = classes.map((value) => className(facts, value));
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
      <table class="matrix" data-many=${classes.length > 3 ? "" : nothing}>
        <caption class="visually-hidden">Rows: the actual class. Columns: the predicted class.</caption>
        <thead>
          <tr>
            <th scope="col" rowspan="2">Actual</th>
            <th scope="colgroup" colspan=${classes.length}>Predicted</th>
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
