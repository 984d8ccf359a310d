import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { inputName } from "../ask/words.js";
import { FEW_ROWS, gapText, groupText, rateText } from "./words.js";
import { count } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { dotsPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Group} Group */

/**
 * How a model errs for the groups that its card names: a table, and each rate as dots.
 * @extends {MeasuredElement<Group>}
 */
export class ServeryGroups extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured) return nothing;
    const name = inputName(facts, measured.input);
    const words = (/** @type {any} */ value) => worded(facts, measured, value);
    const few = measured.rows
      .filter(({ rates }) => rates.some(({ rows }) => rows !== null && rows < FEW_ROWS))
      .map(({ value }) => words(value));
    return html`
      <figure class="panel" data-kind="groups">
        <figcaption><h3>${say.byGroup(name)}</h3></figcaption>
        <div class="multiples" data-wide>
          ${measured.rows[0]?.rates.map(({ label }, index) => {
            const dots = measured.rows.flatMap((row) => dotOf(words(row.value), row.rates[index]));
            const gist = measured.rows
              .map((row) => `${words(row.value)} ${rateOf(row, index)}`)
              .join(", ");
            return html`
              <div>
                <h4>${label}</h4>
                <servery-plot .draw=${dotsPlot(dots, null)} .gist=${`${label}: ${gist}`}></servery-plot>
              </div>
            `;
          })}
        </div>
        ${table(measured, name, words)}
        ${measured.gaps.length > 0 ? html`<ul class="summary">${measured.gaps.map((gap) => html`<li>${gapText(gap, words)}</li>`)}</ul>` : nothing}
        ${few.length > 0 ? html`<p class="caution">${say.fewInGroups(FEW_ROWS, few.join(", "))}</p>` : nothing}
      </figure>
    `;
  }
}

customElements.define("servery-groups", ServeryGroups);

/**
 * @param {Facts} facts
 * @param {Group} group
 * @param {import("../lib/types.js").Scalar | null} value
 */
function worded({ signature }, { input }, value) {
  return groupText(
    value,
    signature.inputs.find((each) => each.name === input),
  );
}

/**
 * @param {string} label
 * @param {import("../lib/types.js").Rate | undefined} rate
 * @returns the dot of a rate, with its interval; nothing where it was not measured
 */
function dotOf(label, rate) {
  if (!rate || rate.value === null) return [];
  const { value, low, high } = rate;
  return [{ label, value, low: low ?? value, high: high ?? value }];
}

/**
 * @param {Group["rows"][number]} row
 * @param {number} index
 */
function rateOf({ rates }, index) {
  const rate = rates[index];
  return rate ? rateText(rate) : say.notMeasured;
}

/**
 * @param {Group} group
 * @param {string} name
 * @param {(value: any) => string} words
 */
function table({ rows }, name, words) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${say.errorsByThis(name)}>
      <table>
        <caption class="visually-hidden">${say.errorsByThis(name)}</caption>
        <thead>
          <tr>
            <th scope="col">${name}</th>
            <th scope="col">${common.rows}</th>
            ${rows[0]?.rates.map((rate) => html`<th scope="col">${rate.label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr>
                <th scope="row">${words(row.value)}</th>
                <td>${count(row.rows)}</td>
                ${row.rates.map((rate) => html`<td>${rateText(rate)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
