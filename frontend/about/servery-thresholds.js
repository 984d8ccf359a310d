import * as say from "#words/about";
import { html, nothing } from "lit";
import { calledAt, className, nearest, thresholdOf, thresholdText } from "./words.js";
import { whole, count } from "../lib/format.js";
import { MeasuredElement } from "./measured-element.js";
import { figures, panel } from "../plots/panel.js";
import { precisionPlot, rocPlot, splitPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/** @typedef {import("./words.js").Called} Called */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Thresholds} Thresholds */

/**
 * From which probability on a row is called the class: a slider, and what becomes of the rows.
 * Properties in also: `threshold`, null for the model's own. Emits `servery:threshold`.
 * @extends {MeasuredElement<Thresholds>}
 */
export class ServeryThresholds extends MeasuredElement {
  static properties = { ...MeasuredElement.properties, threshold: { attribute: false } };

  constructor() {
    super();
    /** @type {number | null} */
    this.threshold = null;
  }

  render() {
    const { facts, measured } = this;
    if (!facts || !measured || measured.points.length === 0) return nothing;
    const calls = measured.points.map((point) => calledAt(measured, point));
    const index = nearest(measured, this.threshold ?? measured.chosen);
    const at = /** @type {Called} */ (calls[index]);
    return panel({
      title: say.threshold,
      words: html`<p>${say.thresholdLead(className(facts, measured.class))}</p>`,
      plot: html`
        ${this.#slider(measured, index, at)} ${outcome(facts, measured, at)} ${curves(facts, measured, calls, at)}
      `,
      table: table(facts, measured, calls),
      kind: "thresholds",
    });
  }

  /**
   * @param {Thresholds} thresholds
   * @param {number} index
   * @param {Called} at
   */
  #slider(thresholds, index, { threshold }) {
    const { chosen, points } = thresholds;
    const isOwn = index === nearest(thresholds, chosen);
    return html`
      <div class="threshold">
        <label for="threshold">${say.threshold} <strong>${thresholdOf(threshold)}</strong></label>
        <button type="button" class="quiet" ?disabled=${isOwn} @click=${() => this.emit("threshold", null)}>
          ${isOwn ? say.chosenThreshold : say.backToChosen(thresholdOf(chosen))}
        </button>
        <div class="slider">
          <input id="threshold" type="range" min="0" max=${points.length - 1} step="1"
            .value=${String(index)} aria-valuetext=${thresholdOf(threshold)} @input=${this.#move} />
          <div class="ends" aria-hidden="true">
            <span>${say.predictMore(thresholdOf(points[0]?.threshold ?? 0))}</span>
            <span>${say.predictFewer(thresholdOf(points.at(-1)?.threshold ?? 1))}</span>
          </div>
        </div>
      </div>
    `;
  }

  /** @param {Event} event */
  #move(event) {
    const index = Number(/** @type {HTMLInputElement} */ (event.target).value);
    this.emit("threshold", this.measured?.points[index]?.threshold ?? null);
  }
}

customElements.define("servery-thresholds", ServeryThresholds);

/**
 * @param {Facts} facts
 * @param {Thresholds} thresholds
 * @param {Called} at
 */
function outcome(facts, thresholds, at) {
  const { positives, negatives } = thresholds;
  const name = className(facts, thresholds.class);
  const summary = thresholdText(facts, thresholds, at);
  const was = say.positivesText(positives, name, at.hits, at.misses);
  const others = say.negativesText(negatives, negatives - at.falseAlarms, at.falseAlarms);
  return html`
    <p role="status" class="threshold-summary">${summary}</p>
    ${split(was, at.hits, at.misses)} ${split(others, negatives - at.falseAlarms, at.falseAlarms)}
  `;
}

/**
 * @param {string} words
 * @param {number} right
 * @param {number} wrong
 */
function split(words, right, wrong) {
  return html`
    <div class="split">
      <p>${words}</p>
      <servery-plot .draw=${splitPlot(right, wrong)} .gist=${words}></servery-plot>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Thresholds} thresholds
 * @param {Called[]} calls
 * @param {Called} at
 */
function curves(facts, { positives, negatives }, calls, at) {
  const base = positives / Math.max(1, positives + negatives);
  const precision =
    at.precision === null ? say.nothingIsPredicted : say.precisionOf(whole(at.precision));
  return html`
    <div class="pair">
      <div>
        <h4>${say.rocCurve}</h4>
        <servery-plot .draw=${rocPlot(calls, at)}
          .gist=${say.rocSummary(thresholdOf(at.threshold), whole(at.recall), whole(at.falseAlarmRate))}></servery-plot>
      </div>
      <div>
        <h4>${say.precisionAndRecall}</h4>
        <servery-plot .draw=${precisionPlot(calls, at, base)}
          .gist=${say.precisionRecallSummary(thresholdOf(at.threshold), whole(at.recall), precision, whole(base))}></servery-plot>
      </div>
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Thresholds} thresholds
 * @param {Called[]} calls
 */
function table(facts, thresholds, calls) {
  return figures(
    say.thresholdTable,
    [
      say.threshold,
      say.predictedAs(className(facts, thresholds.class)),
      say.hits,
      say.falseAlarms,
      say.missed,
      say.precision,
      say.recall,
    ],
    calls.map((at) => [
      thresholdOf(at.threshold),
      count(at.called),
      count(at.hits),
      count(at.falseAlarms),
      count(at.misses),
      at.precision === null ? "–" : whole(at.precision),
      whole(at.recall),
    ]),
  );
}
