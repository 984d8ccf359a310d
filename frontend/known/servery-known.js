import { html, nothing } from "lit";
import * as say from "#words/known";
import { draftOf } from "../inputs/instance.js";
import { isSame } from "../lib/draft.js";
import { StateElement } from "../lib/element.js";
import { knownOf, PAGE_ROWS } from "./state.js";
import { inputsText, ordersOf, rangeText, rowText } from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").KeptRow} KeptRow */
/** @typedef {import("./state.js").Known} Known */

/** Rows whose outcome is known, to fill the form with one. Property in: `state`. */
export class ServeryKnown extends StateElement {
  render() {
    const facts = this.state?.model.body;
    if (!this.state || !facts) return nothing;
    const known = knownOf(this.state);
    const isAsking = known.status === "asking";
    return html`
      <section class="insight-part known" aria-label=${say.knownRows} aria-busy=${isAsking}>
        <h2>${say.knownRows}</h2>
        <p class="help">${say.knownLead}</p>
        ${
          known.status === "none"
            ? html`<p><button type="button" @click=${() => this.emit("list-known", {})}>${say.showRows}</button></p>`
            : html`${this.#choice(facts, known)} ${this.#page(facts, known, isAsking)}`
        }
      </section>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Known} known
   */
  #choice(facts, { listing }) {
    const orders = ordersOf(facts);
    const { classes } = facts.signature.output;
    const order = (/** @type {Event & {currentTarget: HTMLSelectElement}} */ { currentTarget }) => {
      const { sort, order } = orders[currentTarget.selectedIndex] ?? {};
      this.emit("list-known", { sort, order });
    };
    const filter = (/** @type {Event & {currentTarget: HTMLSelectElement}} */ { currentTarget }) =>
      this.emit("list-known", { outcome: currentTarget.value });
    return html`
      <div class="known-choice">
        <label><span>${say.order}</span>
          <select @change=${order}>
            ${orders.map((each) => html`<option ?selected=${each.sort === listing.sort && each.order === listing.order}>${each.title}</option>`)}
          </select>
        </label>
        ${
          classes
            ? html`<label><span>${say.outcome}</span>
                <select @change=${filter}>
                  <option value="" ?selected=${listing.outcome === ""}>${say.allOutcomes}</option>
                  ${classes.map(({ value, label }) => html`<option value=${String(value)} ?selected=${String(value) === listing.outcome}>${label}</option>`)}
                </select>
              </label>`
            : nothing
        }
      </div>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Known} known
   * @param {boolean} isAsking
   */
  #page(facts, known, isAsking) {
    const { listing, total, rows, detail } = known;
    if (detail) {
      return html`<p class="notice" role="alert">${detail}
        <button type="button" @click=${() => this.emit("list-known", listing)}>${say.tryAgain}</button></p>`;
    }
    const go = (/** @type {number} */ by) =>
      this.emit("list-known", { offset: Math.max(0, listing.offset + by) });
    const isLast = listing.offset + PAGE_ROWS >= total;
    return html`
      <ol class="known-rows" data-stale=${isAsking ? "" : nothing}>${rows.map((row) => this.#row(facts, row))}</ol>
      <div class="known-pages">
        <p class="small" role="status">${isAsking ? say.loading : rangeText(known, PAGE_ROWS)}</p>
        <button type="button" class="quiet" aria-disabled=${listing.offset === 0} @click=${() => listing.offset > 0 && go(-PAGE_ROWS)}>${say.previous}</button>
        <button type="button" class="quiet" aria-disabled=${isLast} @click=${() => !isLast && go(PAGE_ROWS)}>${say.next}</button>
      </div>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {KeptRow} row
   */
  #row(facts, row) {
    const { truth, words, isWrong } = rowText(facts, row);
    const draft = draftOf(facts.signature.inputs, row.inputs);
    const isPicked = this.state !== null && isSame(this.state.draft, draft);
    const pick = () => {
      this.emit("pick-known", row);
      this.emit("fill", { draft });
    };
    return html`
      <li>
        <p class="known-outcome"><strong>${truth}</strong> <span data-wrong=${isWrong ? "" : nothing}>${words}</span></p>
        <p class="known-inputs">${inputsText(facts, row)}</p>
        <button type="button" aria-pressed=${isPicked} @click=${pick}>${isPicked ? say.picked : say.pick}<span class="visually-hidden">: ${truth}</span></button>
      </li>
    `;
  }
}

customElements.define("servery-known", ServeryKnown);
