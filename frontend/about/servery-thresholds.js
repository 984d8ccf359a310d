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
      title: "Threshold",
      words: html`<p>Rows with at least this probability are predicted as “${className(facts, measured.class)}”.</p>`,
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
        <label for="threshold">Threshold <strong>${thresholdOf(threshold)}</strong></label>
        <button type="button" class="quiet" ?disabled=${isOwn} @click=${() => this.emit("threshold", null)}>
          ${isOwn ? "The model’s own" : `Back to the model’s own, ${thresholdOf(chosen)}`}
        </button>
        <div class="slider">
          <input id="threshold" type="range" min="0" max=${points.length - 1} step="1"
            .value=${String(index)} aria-valuetext=${thresholdOf(threshold)} @input=${this.#move} />
          <div class="ends" aria-hidden="true">
            <span>${thresholdOf(points[0]?.threshold ?? 0)}: predict more</span>
            <span>predict fewer: ${thresholdOf(points.at(-1)?.threshold ?? 1)}</span>
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
  const was = `${count(positives)} were “${name}”: ${count(at.hits)} caught, ${count(at.misses)} missed`;
  const others = `${count(negatives)} were not: ${count(negatives - at.falseAlarms)} left alone, ${count(at.falseAlarms)} false alarms`;
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
    at.precision === null ? "nothing is predicted" : `precision ${whole(at.precision)}`;
  return html`
    <div class="pair">
      <div>
        <h4>ROC curve</h4>
        <servery-plot .draw=${rocPlot(calls, at)}
          .gist=${`ROC curve. At ${thresholdOf(at.threshold)}: ${whole(at.recall)} of the class are hit, at false alarms for ${whole(at.falseAlarmRate)} of the others.`}></servery-plot>
      </div>
      <div>
        <h4>Precision and recall</h4>
        <servery-plot .draw=${precisionPlot(calls, at, base)}
          .gist=${`Precision-recall curve. At ${thresholdOf(at.threshold)}: recall ${whole(at.recall)}, ${precision}. By chance: ${whole(base)}.`}></servery-plot>
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
    "What becomes of the rows at each threshold",
    [
      "Threshold",
      `Predicted as ${className(facts, thresholds.class)}`,
      "Hits",
      "False alarms",
      "Missed",
      "Precision",
      "Recall",
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
