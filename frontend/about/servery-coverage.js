import { html, nothing } from "lit";
import { coverageSaid, measuredShare, shareRange, whole } from "./words.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { coveragePlot } from "../plots/plots.js";
import "../plots/servery-plot.js";

/**
 * What share of the rows intervals promised to hold, and what share they held.
 * @extends {MeasuredElement<import("../lib/types.js").Coverage>}
 */
export class ServeryCoverage extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured) return nothing;
    const said = coverageSaid(measured, facts.signature.output.decimals);
    return panel({
      title: "Intervals",
      words: html`<p>${said[0]} ${said[1]}</p>`,
      plot: html`<servery-plot .draw=${coveragePlot(measured.levels, measured.rows)}
        .gist=${`Coverage plot. ${said.join(" ")}`}></servery-plot>
        <p class="key">On the dashed line an interval holds what it states. Lines: where the true share may well lie, given so many rows.</p>`,
      table: figures(
        "Coverage of the intervals",
        ["Stated", "Measured", "Truly between"],
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
