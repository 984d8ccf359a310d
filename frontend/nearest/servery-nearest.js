import * as common from "#words/common";
import * as say from "#words/nearest";
import { html, nothing } from "lit";
import { draftOf } from "../inputs/instance.js";
import { insightOf, isStale } from "../insight/state.js";
import { valueText } from "../insight/measure.js";
import { isSame } from "../lib/draft.js";
import { StateElement } from "../lib/element.js";
import { comparedText, differing, figuresText, outcomeText, predictedText } from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").NearestRows} NearestRows */
/** @typedef {import("../lib/types.js").NearRow} NearRow */

const MOST_NAMED = 5;
/** Rows that are shown before the others are asked for. */
const FIRST = 5;

/** Measured rows that are like the present question, and how the model did on them. Property in: `state`. */
export class ServeryNearest extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts || !state.answer.prediction) return nothing;
    const { nearest } = insightOf(state);
    const isAsking = nearest.status === "asking";
    return html`
      <section class="insight-part" aria-label=${say.similarRowsInTheData} aria-busy=${isAsking}>
        <h2>${say.similarRowsInTheData}</h2>
        <p class="help">
          ${say.nearestLead}
        </p>
        ${
          nearest.body
            ? this.#found(facts, nearest.body, isStale(state.answer, nearest))
            : html`<p><button type="button" @click=${() => this.emit("look", "nearest")}>${isAsking ? common.searching : say.showSimilarRows}</button></p>`
        }
        <servery-error .look=${nearest} wanted="nearest" words=${say.noRows}></servery-error>
      </section>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {NearestRows} nearest
   * @param {boolean} isOlder
   */
  #found(facts, nearest, isOlder) {
    const compared = comparedText(facts, nearest);
    return html`
      <div class="insight-body" data-stale=${isOlder ? "" : nothing}>
        <div class="near-figures">
          ${figuresText(facts, nearest).map((sentence) => html`<p>${sentence}</p>`)}
        </div>
        ${this.#list(facts, nearest.rows.slice(0, FIRST))}
        ${
          nearest.rows.length > FIRST
            ? html`<details>
                <summary>${say.moreRows}</summary>
                ${this.#list(facts, nearest.rows.slice(FIRST))}
              </details>`
            : nothing
        }
        ${compared ? html`<p class="help">${compared}</p>` : nothing}
      </div>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {NearRow[]} rows
   */
  #list(facts, rows) {
    return html`<ol class="near-rows">${rows.map((row) => this.#row(facts, row))}</ol>`;
  }

  /**
   * @param {Facts} facts
   * @param {NearRow} row
   */
  #row({ signature: { inputs, output } }, row) {
    const { words, isRight } = predictedText(output, row);
    const draft = draftOf(inputs, row.inputs);
    const isTried = this.state !== null && isSame(this.state.draft, draft);
    return html`
      <li>
        <p class="near-outcome">
          <strong>${outcomeText(output, row.outcome)}</strong>
          <span data-right=${isRight === false ? "no" : nothing}>${words}</span>
        </p>
        <p class="near-differs">${this.#differences(inputs, row)}</p>
        <button type="button" aria-pressed=${isTried} @click=${() => this.emit("fill", { draft })}>
          ${isTried ? common.tried : common.tryIt}
        </button>
      </li>
    `;
  }

  /**
   * @param {import("../lib/types.js").Input[]} inputs
   * @param {NearRow} row
   */
  #differences(inputs, row) {
    const asked = this.state ? (insightOf(this.state).nearest.of ?? {}) : {};
    const others = differing(inputs, row, asked);
    if (others.length === 0) return say.theSameInputs;
    const named = others
      .slice(0, MOST_NAMED)
      .map((input) => `${input.label}: ${valueText(input, row.inputs[input.name])}`);
    const more = others.length > MOST_NAMED ? [say.more(others.length - MOST_NAMED)] : [];
    return [...named, ...more].join(" · ");
  }
}

customElements.define("servery-nearest", ServeryNearest);
