import { html, nothing } from "lit";
import { calibrationSaid, className, measuredShare, shareRange, whole } from "./words.js";
import { count } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { calibrationPlot } from "../plots/plots.js";
import "../plots/servery-plot.js";

/**
 * What probabilities were said against how often it came true.
 * @extends {MeasuredElement<import("../lib/types.js").Calibration>}
 */
export class ServeryCalibration extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured || measured.bins.length === 0) return nothing;
    const what =
      measured.class === null ? "the class it names" : `“${className(facts, measured.class)}”`;
    const said = calibrationSaid(measured);
    return panel({
      title: "Calibration",
      words: html`
        <p>Does ${what} come true as often as the probability says? On the dashed line it does.</p>
        <p>${said}</p>
      `,
      plot: html`<servery-plot .draw=${calibrationPlot(measured.bins)}
        .gist=${`Calibration plot. ${said}`}></servery-plot>
        <p class="key">${dotsSaid(measured)} Lines: where the true share may well lie, given so many rows.</p>`,
      table: figures(
        "Calibration",
        ["Probabilities", "Rows", "It said, on average", "Came true", "Truly between"],
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
function dotsSaid({ bins }) {
  const rows = bins.map((bin) => bin.rows);
  const [least, most] = [Math.min(...rows), Math.max(...rows)];
  return most - least > 1 ? "The larger a dot, the more rows." : `Each dot: ${count(most)} rows.`;
}
