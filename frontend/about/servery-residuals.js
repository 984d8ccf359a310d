import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { residualsText } from "./words.js";
import { percentRound, quantity } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { residualPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/**
 * What was predicted against what came true, with the band that intervals span.
 * Properties in also: `coverage`, null where there are no intervals.
 * @extends {MeasuredElement<import("../lib/types.js").Residuals>}
 */
export class ServeryResiduals extends MeasuredElement {
  static properties = { ...MeasuredElement.properties, coverage: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Coverage | null} */
    this.coverage = null;
  }

  render() {
    const { facts, measured, coverage } = this;
    if (!facts || !measured || measured.points.length === 0) return nothing;
    const { output } = facts.signature;
    const { decimals, unit } = output;
    const summary = residualsText(measured, output);
    const shown =
      measured.points.length < measured.rows
        ? say.someRows(measured.points.length, measured.rows)
        : say.allRows(measured.rows);
    const band = coverage ? say.bandKey(percentRound(coverage.stated)) : "";
    return panel({
      title: say.predictedAndActual,
      words: html`<p>${say.residualsLead} ${summary}</p>`,
      plot: html`<servery-plot .draw=${residualPlot(measured, unit, coverage?.band ?? [])}
        .gist=${say.residualsPlot(summary)}></servery-plot>
        <p class="key">${shown} ${band}</p>`,
      table: figures(
        say.predictedAndActual,
        [common.predicted, common.actual, say.miss],
        measured.points.map(({ predicted, actual }) => [
          quantity(predicted, decimals),
          quantity(actual, decimals),
          quantity(predicted - actual, decimals),
        ]),
      ),
    });
  }
}

customElements.define("servery-residuals", ServeryResiduals);
