import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { calibrationText, className, measuredShare } from "./words.js";
import { shareRange } from "../plots/share-range.js";
import { whole, count } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { calibrationPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/**
 * What probabilities were summary against how often it came true.
 * @extends {MeasuredElement<import("../lib/types.js").Calibration>}
 */
export class ServeryCalibration extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured || measured.bins.length === 0) return nothing;
    const what =
      measured.class === null
        ? say.theClassItNames
        : common.quoted(className(facts, measured.class));
    const summary = calibrationText(measured);
    return panel({
      title: say.calibration,
      words: html`
        <p>${say.calibrationLead(what)}</p>
        <p>${summary}</p>
      `,
      plot: html`<servery-plot .draw=${calibrationPlot(measured.bins)}
        .gist=${say.calibrationPlot(summary)}></servery-plot>
        <p class="key">${dotsText(measured)} ${say.calibrationKey}</p>`,
      table: figures(
        say.calibration,
        [
          common.probabilities,
          common.rows,
          say.predictedOnAverage,
          common.actual,
          common.likelyBetween,
        ],
        measured.bins.map(({ low, high, rows, predicted, observed }) => [
          common.range(whole(low), whole(high)),
          count(rows),
          measuredShare(predicted),
          measuredShare(observed),
          shareRange(observed, rows).map(whole).join(" and "),
        ]),
      ),
    });
  }
}

customElements.define("servery-calibration", ServeryCalibration);

/** @param {import("../lib/types.js").Calibration} calibration */
function dotsText({ bins }) {
  const rows = bins.map((bin) => bin.rows);
  const [least, most] = [Math.min(...rows), Math.max(...rows)];
  return most - least > 1 ? say.dotSize : say.dotRows(most);
}
