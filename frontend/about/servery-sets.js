import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { className, setsText } from "./words.js";
import { shareRange } from "../plots/share-range.js";
import { whole, count } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { barOf, barsPlot, dotsPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/**
 * How often the true class was in the prediction set, and how many classes a set holds.
 * @extends {MeasuredElement<import("../lib/types.js").Sets>}
 */
export class ServerySets extends MeasuredElement {
  render() {
    const { facts, measured } = this;
    if (!facts || !measured) return nothing;
    const summary = setsText(facts, measured);
    return panel({
      title: say.predictionSets,
      words: html`
        <p>${say.setsLead} ${summary[0]}</p>
        <p>${summary[1]}</p>
      `,
      plot: html`
        <div class="pair" data-stacked>
          <div>
            <h4>${measured.within === "classes" ? say.heldByClass : say.heldByAnswer}</h4>
            <servery-plot .draw=${dotsPlot(byClass(facts, measured), measured.stated)} .gist=${summary[0]}></servery-plot>
          </div>
          <div>
            <h4>${say.classesInASet}</h4>
            <servery-plot .draw=${barsPlot(bySize(measured), true)} .gist=${summary[1]}></servery-plot>
          </div>
        </div>
      `,
      table: table(facts, measured),
    });
  }
}

customElements.define("servery-sets", ServerySets);

/** @typedef {import("../lib/types.js").Sets} Sets */

/**
 * @param {import("../lib/types.js").Facts} facts
 * @param {Sets} sets
 */
function byClass(facts, { within, by_class, by_answer }) {
  return (within === "classes" ? by_class : by_answer).map(({ class: value, rows, measured }) => {
    const [low, high] = shareRange(measured, rows);
    return { label: className(facts, value), value: measured, low, high };
  });
}

/** @param {Sets} sets */
function bySize({ sizes }) {
  return sizes.map(({ size, share }) => barOf(sized(size), share));
}

/** @param {number} size */
function sized(size) {
  return size === 0 ? say.noClass : say.classCount(size);
}

/**
 * @param {import("../lib/types.js").Facts} facts
 * @param {Sets} sets
 */
function table(facts, { within, by_class, by_answer, sizes, stated }) {
  return figures(
    say.predictionSets,
    [say.classOrSizeOfThe, common.rows, say.trueClassInTheSet, say.stated],
    [
      ...by_class.map((each) => [
        say.isClass(className(facts, each.class)),
        count(each.rows),
        whole(each.measured),
        within === "classes" ? whole(stated) : "–",
      ]),
      ...by_answer.map((each) => [
        say.predictedAs(className(facts, each.class)),
        count(each.rows),
        whole(each.measured),
        within === "answers" ? whole(stated) : "–",
      ]),
      ...sizes.map(({ size, share }) => [say.setsOf(size), whole(share), "–", "–"]),
    ],
  );
}
