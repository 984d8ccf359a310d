import { html, nothing } from "lit";
import { inputName } from "../ask/words.js";
import { FEW_ROWS } from "./words.js";
import { count, percent } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { barOf, dotsPlot } from "../plots/drawing.js";
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
      .filter(({ rows }) => rows < FEW_ROWS)
      .map(({ value }) => words(value));
    return html`
      <figure class="panel" data-kind="groups">
        <figcaption><h3>By ${name.toLowerCase()}</h3></figcaption>
        <div class="multiples" data-wide>
          ${measured.rows[0]?.rates.map(({ label }, index) => {
            const dots = measured.rows.map((row) =>
              barOf(words(row.value), row.rates[index]?.value ?? 0),
            );
            const gist = dots.map((each) => `${each.label} ${percent(each.value)}`).join(", ");
            return html`
              <div>
                <h4>${label}</h4>
                <servery-plot .draw=${dotsPlot(dots, null)} .gist=${`${label}: ${gist}`}></servery-plot>
              </div>
            `;
          })}
        </div>
        ${table(measured, name, words)}
        ${few.length > 0 ? html`<p class="caution">Fewer than ${FEW_ROWS} rows: ${few.join(", ")}. Their rates may be off by several percentage points.</p>` : nothing}
      </figure>
    `;
  }
}

customElements.define("servery-groups", ServeryGroups);

/**
 * @param {Facts} facts
 * @param {Group} group
 * @param {import("../lib/types.js").Scalar} value
 */
function worded({ signature }, { input }, value) {
  const source = signature.inputs.find((each) => each.name === input);
  const category = source?.categories?.find((each) => each.value === value);
  return category?.label ?? String(value);
}

/**
 * @param {Group} group
 * @param {string} name
 * @param {(value: any) => string} words
 */
function table({ rows }, name, words) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${`Errors by ${name}`}>
      <table>
        <caption class="visually-hidden">Errors by ${name.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col">${name}</th>
            <th scope="col">Rows</th>
            ${rows[0]?.rates.map((rate) => html`<th scope="col">${rate.label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr>
                <th scope="row">${words(row.value)}</th>
                <td>${count(row.rows)}</td>
                ${row.rates.map((rate) => html`<td>${percent(rate.value)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
