import { html, nothing } from "lit";
import { calibrationSaid, className, fewSaid, shareRange, sum, whole } from "../lib/evaluation.js";
import { count, percent } from "../lib/format.js";
import { MeasuredElement } from "../lib/measured.js";
import { figures, panel } from "../lib/panel.js";
import { calibrationPlot } from "../lib/plots.js";
import "./servery-plot.js";

/**
 * What probabilities were said against how often it came true.
 * @extends {MeasuredElement<import("../lib/types.js").Calibration>}
 */
export class ServeryCalibration extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured || measured.bins.length === 0) return nothing;
    const what = measured.class === null ? "the class it names" : `“${className(facts, measured.class)}”`;
    const few = fewSaid(sum(measured.bins.map((bin) => bin.rows)));
    const said = calibrationSaid(measured);
    return panel({
      title: "Calibration",
      words: html`
        <p>Does ${what} come true as often as the probability says? On the dashed line it does; each dot is as large as its rows are many.</p>
        <p>${said}</p>
        ${few ? html`<p class="caution">${few}</p>` : nothing}
      `,
      plot: html`<servery-plot .draw=${calibrationPlot(measured.bins)}
        .gist=${`Calibration plot. ${said} ${few}`}></servery-plot>
        ${key("Lines: where the true share may well lie, given so many rows.")}`,
      table: figures(
        "Calibration",
        ["Probabilities", "Rows", "It said, on average", "Came true", "Truly between"],
        measured.bins.map(({ low, high, rows, predicted, observed }) => [
          `${whole(low)} to ${whole(high)}`,
          count(rows),
          percent(predicted),
          whole(observed) === percent(observed) ? whole(observed) : percent(observed),
          shareRange(observed, rows).map(whole).join(" and "),
        ]),
      ),
    });
  }
}

customElements.define("servery-calibration", ServeryCalibration);

/** @param {string} words */
function key(words) {
  return html`<p class="key">${words}</p>`;
}
