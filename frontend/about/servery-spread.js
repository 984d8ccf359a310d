import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { count, tick } from "../lib/format.js";
import { histogramPlot, kindsPlot } from "../plots/drawing.js";
import { foremost, kindsOf, spreadText } from "./spread.js";
import "../plots/servery-plot.js";

/** @typedef {import("../lib/types.js").Input} Input */

/** How each input was spread in training, as small multiples. Property in: `inputs`. */
export class ServerySpread extends PageElement {
  static properties = { inputs: { attribute: false } };

  constructor() {
    super();
    /** @type {Input[]} */
    this.inputs = [];
  }

  render() {
    const known = this.inputs.filter((input) => kindsOf(input).length > 0);
    if (known.length === 0) return nothing;
    return html`
      <section>
        <h2>${say.trainingData}</h2>
        <p>${say.spreadLead}</p>
        <figure class="panel" data-kind="spread">
          <ul class="multiples">${known.map(small)}</ul>
          ${table(known)}
        </figure>
      </section>
    `;
  }
}

customElements.define("servery-spread", ServerySpread);

/** @param {Input} input */
function small(input) {
  const { label, unit, training_stats: stats } = input;
  const draw = stats?.histogram
    ? histogramPlot(stats.histogram)
    : kindsPlot(foremost(kindsOf(input)));
  return html`
    <li>
      <h3>${label} ${unit ? html`<small>${unit}</small>` : nothing}</h3>
      <servery-plot .draw=${draw} .gist=${spreadText(input)}></servery-plot>
      ${stats?.histogram ? ends(input) : nothing}
    </li>
  `;
}

/** @param {Input} input */
function ends({ training_stats: stats }) {
  const { minimum = 0, maximum = 0, quantiles } = stats ?? {};
  const middle = quantiles?.[Math.floor(quantiles.length / 2)];
  return html`
    <div class="ends" aria-hidden="true">
      <span>${tick(minimum)}</span>
      ${middle === undefined ? nothing : html`<span>${say.median(tick(middle))}</span>`}
      <span>${tick(maximum)}</span>
    </div>
  `;
}

/** @param {Input[]} inputs */
function table(inputs) {
  return html`
    <details class="figures">
      <summary>${common.showTheNumbers}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${say.valuesInTraining}>
        <table>
          <caption class="visually-hidden">${say.valuesInTraining}</caption>
          <thead>
            <tr><th scope="col">${common.value}</th><th scope="col">${common.rows}</th></tr>
          </thead>
          ${inputs.map(
            (input) => html`
              <tbody>
                <tr><th scope="rowgroup" colspan="2">${input.label}</th></tr>
                ${kindsOf(input).map(({ label, rows }) => html`<tr><th scope="row">${label}</th><td>${count(rows)}</td></tr>`)}
              </tbody>
            `,
          )}
        </table>
      </div>
    </details>
  `;
}
