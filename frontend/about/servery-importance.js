import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { inputName } from "../ask/words.js";
import { correlatedText } from "../insight/measure.js";
import { importanceText } from "./words.js";
import { signed } from "../lib/rates.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { barsPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/** More inputs than these stand in the table only. */
const SHOWN = 20;

/**
 * How much worse the model does without each input.
 * @extends {MeasuredElement<import("../lib/types.js").Importance>}
 */
export class ServeryImportance extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured || measured.inputs.length < 2) return nothing;
    const bars = measured.inputs.slice(0, SHOWN).map(({ input, importance, standard_error }) => ({
      label: inputName(facts, input),
      value: importance,
      low: importance - 2 * standard_error,
      high: importance + 2 * standard_error,
    }));
    const summary = importanceText(facts, measured);
    const correlated = correlatedText(facts, measured.correlated);
    return panel({
      title: say.importanceOfTheInputs,
      words: html`
        <p>${say.importanceLead(measured.metric, measured.repeats, measured.rows)} ${summary}</p>
        ${correlated ? html`<p>${correlated}</p>` : nothing}
      `,
      plot: html`<div><servery-plot .draw=${barsPlot(bars)} .gist=${say.importancePlot(summary)}></servery-plot>
        <p class="key">${say.importanceKey}</p></div>`,
      kind: "importance",
      table: figures(
        say.importanceOfTheInputs,
        [common.input, say.lossOf(measured.metric), common.standardError],
        measured.inputs.map((each) => [
          inputName(facts, each.input),
          signed(each.importance),
          signed(each.standard_error).replace("+", ""),
        ]),
      ),
    });
  }
}

customElements.define("servery-importance", ServeryImportance);
