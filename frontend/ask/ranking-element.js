import * as common from "#words/common";
import { html } from "lit";
import { PageElement } from "../lib/element.js";

/** @typedef {import("../lib/types.js").Output} Output */
/** @typedef {import("../lib/types.js").OutputPrediction} OutputPrediction */
/** @typedef {import("../lib/types.js").Scalar} Scalar */

const MANY = 10;

/**
 * A figure for every class: few in the signature's order, which never jumps; of many, the highest.
 * Properties in: `output`, `predicted`, `chosen` (the class to mark; null for none).
 */
export class RankingElement extends PageElement {
  static properties = {
    output: { attribute: false },
    predicted: { attribute: false },
    chosen: { attribute: false },
    isWhole: { state: true },
  };

  constructor() {
    super();
    /** @type {Output | null} */
    this.output = null;
    /** @type {OutputPrediction | null} */
    this.predicted = null;
    /** @type {Scalar | null} */
    this.chosen = null;
    this.isWhole = false;
  }

  /**
   * @template {{class: Scalar}} Row
   * @param {readonly Row[]} rows the highest first
   */
  shown(rows) {
    if (rows.length > MANY) return this.isWhole ? rows : rows.slice(0, MANY);
    const place = new Map(this.output?.classes?.map((each, at) => [each.value, at]));
    return [...rows].sort((a, b) => (place.get(a.class) ?? 0) - (place.get(b.class) ?? 0));
  }

  /** @param {number} count */
  toggle(count) {
    if (count <= MANY) return "";
    const toggle = () => {
      this.isWhole = !this.isWhole;
    };
    return html`
      <button type="button" class="quiet" aria-expanded=${this.isWhole} @click=${toggle}>
        ${this.isWhole ? common.showTheFirst(MANY) : common.showAll(count)}
      </button>
    `;
  }
}
