import * as say from "#words/parts";
import { html, nothing } from "lit";
import { signed } from "../lib/rates.js";
import { reachOf } from "../inputs/range.js";
import { RankingElement } from "./ranking-element.js";
import "./servery-scores.css";

/** @typedef {import("../lib/types.js").ClassScore} ClassScore */

/**
 * What the decision function of a model without probabilities gives each class, around 0. Two
 * classes that mirror each other share one scale.
 */
export class ServeryScores extends RankingElement {
  render() {
    const rows = this.predicted?.scores ?? [];
    const reach = reachOf(rows.map((row) => row.score));
    const [low, high] = this.shown(rows);
    if (!low) return nothing;
    if (high && rows.length === 2 && low.score === -high.score) {
      return between(low, high, reach, this.chosen !== null);
    }
    return html`
      <dl class="ranking" aria-label=${say.scores}>
        ${this.shown(rows).map((row) => bar(row.label, row.score, reach, row.class === this.chosen))}
      </dl>
      ${scale(signed(-reach), signed(reach))} ${this.toggle(rows.length)}
      <p class="help">
        ${say.scoresOfClasses}
      </p>
    `;
  }
}

customElements.define("servery-scores", ServeryScores);

/**
 * @param {ClassScore} low the class below 0
 * @param {ClassScore} high the class above 0
 * @param {number} reach
 * @param {boolean} isDecided
 */
function between(low, high, reach, isDecided) {
  return html`
    <dl class="ranking">${bar(say.score, high.score, reach, isDecided)}</dl>
    ${scale(low.label, high.label)}
    <p class="help">
      ${say.scoreOfTwo(low.label, high.label)}
    </p>
  `;
}

/**
 * @param {string} label
 * @param {number} score
 * @param {number} reach
 * @param {boolean} isChosen
 */
function bar(label, score, reach, isChosen) {
  const share = (50 * score) / reach;
  return html`
    <div data-chosen=${isChosen ? "" : nothing}>
      <dt>${label}</dt>
      <dd>${signed(score)}</dd>
      <svg class="bar" aria-hidden="true">
        <rect class="track" width="100%" height="100%" rx="3"></rect>
        <rect class="fill" x=${`${50 + Math.min(0, share)}%`} width=${`${Math.abs(share)}%`} height="100%"></rect>
        <line x1="50%" x2="50%" y1="-4" y2="100%"></line>
      </svg>
    </div>
  `;
}

/**
 * @param {string} low
 * @param {string} high
 */
function scale(low, high) {
  return html`
    <div class="ends" data-around-zero aria-hidden="true">
      <span>${low}</span><span>0</span><span>${high}</span>
    </div>
  `;
}
