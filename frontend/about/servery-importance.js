import { html, nothing } from "lit";
import { inputName } from "../ask/words.js";
import { correlatedText } from "../insight/measure.js";
import { importanceText } from "./words.js";
import { count, signed } from "../lib/format.js";
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
      title: "Importance of the inputs",
      words: html`
        <p>How far its ${measured.metric} falls when the values of one input are shuffled between the rows, ${count(measured.repeats)} times over ${count(measured.rows)} rows. ${summary}</p>
        ${correlated ? html`<p>${correlated}</p>` : nothing}
      `,
      plot: html`<div><servery-plot .draw=${barsPlot(bars)} .gist=${`Importance of the inputs. ${summary}`}></servery-plot>
        <p class="key">Whiskers: two standard errors to each side, over shuffles and rows.</p></div>`,
      kind: "importance",
      table: figures(
        "Importance of the inputs",
        ["Input", `Loss of ${measured.metric}`, "Standard error"],
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
