import { html, nothing } from "lit";
import { coverageText, measuredShare } from "./words.js";
import { shareRange } from "../plots/share-range.js";
import { whole } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { coveragePlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/**
 * What share of the rows intervals promised to hold, and what share they held.
 * @extends {MeasuredElement<import("../lib/types.js").Coverage>}
 */
export class ServeryCoverage extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured) return nothing;
    const summary = coverageText(measured, facts.signature.output.decimals);
    return panel({
      title: "Intervals",
      words: html`<p>${summary[0]} ${summary[1]}</p>`,
      plot: html`<servery-plot .draw=${coveragePlot(measured.levels, measured.rows)}
        .gist=${`Coverage plot. ${summary.join(" ")}`}></servery-plot>
        <p class="key">On the dashed line an interval holds what it states. Lines: where the true share may lie, given the number of rows.</p>`,
      table: figures(
        "Coverage of the intervals",
        ["Stated", "Measured", "Likely between"],
        measured.levels.map((level) => [
          whole(level.stated),
          measuredShare(level.measured),
          shareRange(level.measured, measured.rows).map(whole).join(" and "),
        ]),
      ),
    });
  }
}

customElements.define("servery-coverage", ServeryCoverage);
