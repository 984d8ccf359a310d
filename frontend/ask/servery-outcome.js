import * as say from "#words/ask";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { percentOf, quantity } from "../lib/format.js";
import { linkAddress } from "../lib/origin.js";
import { inWords, named, outcomeOf, probabilityOf } from "./words.js";

/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").OutputPrediction} OutputPrediction */

/**
 * What was predicted, large, in the card's own words. Properties in: `output`, `predicted`; `rows`
 * that the model was trained on; `isPart`
 * where it is one of several, whose probability stands in its figures alone. The page's one live
 * region tells the answer, so that no ear hears it twice.
 */
export class ServeryOutcome extends PageElement {
  static properties = {
    output: { attribute: false },
    predicted: { attribute: false },
    rows: { attribute: false },
    isPart: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Output | null} */
    this.output = null;
    /** @type {OutputPrediction | null} */
    this.predicted = null;
    /** @type {number | null} */
    this.rows = null;
    this.isPart = false;
  }

  render() {
    const { output, predicted } = this;
    if (!output || !predicted) return nothing;
    const outcome = outcomeOf(output, predicted);
    const isQuantity = output.task === "regression";
    const beside = isQuantity ? predicted.label : !this.isPart && chanceText(predicted, this.rows);
    return html`
      <div class="outcome" data-tone=${outcome?.tone ?? "neutral"} data-plain=${isPlain(output) ? "" : nothing}>
        <div>
          <p class="verdict" data-long=${isLong(output) ? "" : nothing}>
            <output aria-live="off">${isQuantity ? figure(output, Number(predicted.prediction)) : named(predicted)}</output>
          </p>
          ${beside ? html`<p class="chance">${beside}</p>` : nothing}
          ${outcome?.message ? html`<p class="message">${outcome.message}</p>` : nothing}
        </div>
        ${outcome?.picture ? html`<img src=${linkAddress(outcome.picture)} alt="" width="120" height="120" />` : nothing}
      </div>
    `;
  }
}

customElements.define("servery-outcome", ServeryOutcome);

/**
 * @param {OutputPrediction} predicted
 * @param {number | null} rows
 */
function chanceText(predicted, rows) {
  const chance = probabilityOf(predicted);
  return chance === null
    ? null
    : html`<span>${say.probability(percentOf(chance, rows))}</span> <span class="in-words">${inWords(chance, rows)}</span>`;
}

/**
 * @param {Output} output
 * @param {number} value
 */
function figure({ unit, decimals }, value) {
  return html`${quantity(value, decimals)}${unit ? html` <span class="figure-unit">${unit}</span>` : nothing}`;
}

/**
 * The size of the words is that of the longest outcome, so that nothing jumps between two.
 * @param {Output} output
 */
function isLong({ classes }) {
  return classes?.some(({ label }) => label.length > 14) ?? false;
}

/**
 * No outcome has a message or a picture: there is no room to keep for one.
 * @param {Output} output
 */
function isPlain({ classes, bands }) {
  return [...(classes ?? []), ...(bands ?? [])].every(
    ({ message, picture }) => !message && !picture,
  );
}
