import { html, nothing } from "lit";
import { residualsText } from "./words.js";
import { count, quantity } from "../lib/format.js";
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
        ? `${count(measured.points.length)} of the ${count(measured.rows)} rows`
        : `All ${count(measured.rows)} rows`;
    const band = coverage
      ? ` The band: the ${quantity(100 * coverage.stated, 0)}% interval at each prediction.`
      : "";
    return panel({
      title: "Predicted and actual",
      words: html`<p>Each dot is a row; on the dashed line it was predicted exactly. ${summary}</p>`,
      plot: html`<servery-plot .draw=${residualPlot(measured, unit, coverage?.band ?? [])}
        .gist=${`Predicted against actual. ${summary}`}></servery-plot>
        <p class="key">${shown}.${band}</p>`,
      table: figures(
        "Predicted and actual",
        ["Predicted", "Actual", "Miss"],
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
