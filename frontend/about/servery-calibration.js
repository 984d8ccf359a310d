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
      measured.class === null ? "the class it names" : `“${className(facts, measured.class)}”`;
    const summary = calibrationText(measured);
    return panel({
      title: "Calibration",
      words: html`
        <p>Does ${what} come true as often as the probability says? On the dashed line, it does.</p>
        <p>${summary}</p>
      `,
      plot: html`<servery-plot .draw=${calibrationPlot(measured.bins)}
        .gist=${`Calibration plot. ${summary}`}></servery-plot>
        <p class="key">${dotsText(measured)} Lines: where the true share may lie, given the number of rows.</p>`,
      table: figures(
        "Calibration",
        ["Probabilities", "Rows", "Predicted, on average", "Actual", "Likely between"],
        measured.bins.map(({ low, high, rows, predicted, observed }) => [
          `${whole(low)} to ${whole(high)}`,
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
  return most - least > 1 ? "The larger a dot, the more rows." : `Each dot: ${count(most)} rows.`;
}
