import * as common from "#words/common";
import * as say from "#words/about";
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
      title: say.intervals,
      words: html`<p>${summary[0]} ${summary[1]}</p>`,
      plot: html`<servery-plot .draw=${coveragePlot(measured.levels, measured.rows)}
        .gist=${say.coveragePlot(summary.join(" "))}></servery-plot>
        <p class="key">${say.coverageKey}</p>`,
      table: figures(
        say.coverageOfTheIntervals,
        [say.stated, say.measured, common.likelyBetween],
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
