import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { labelOf } from "../ask/words.js";
import { PageElement } from "../lib/element.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("./state.js").Job} Job */

/**
 * What the result contains: columns of the file, probabilities of a class, and the threshold.
 * Properties in: `facts`, `job`. Emits: `servery:batch`.
 */
export class ServeryBatchReturned extends PageElement {
  static properties = { facts: { attribute: false }, job: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Job | null} */
    this.job = null;
  }

  render() {
    const { facts, job } = this;
    if (!facts || !job) return nothing;
    const { output } = facts.signature;
    const hasProbabilities = output.task === "classification" && !!output.probabilities;
    return html`
      <details class="returned">
        <summary>${say.whatTheResultContains}</summary>
        <div class="options">
          ${this.#columns(job)}
          ${hasProbabilities ? this.#classes(facts, job) : nothing}
          ${hasProbabilities && output.classes?.length === 2 ? this.#threshold(facts, job) : nothing}
        </div>
        ${job.keep?.length ? this.#some(job, job.keep) : nothing}
      </details>
    `;
  }

  /** @param {Job} job */
  #columns({ keep, extra, header }) {
    const choose = (/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLSelectElement} */ (event.target);
      const some = extra.length > 0 ? extra : header;
      this.#change({ keep: value === "all" ? null : value === "none" ? [] : some.slice(0, MOST) });
    };
    return html`
      <label>${say.columnsOfTheFile}
        <select @change=${choose}>
          <option value="all" .selected=${!keep}>${say.all}</option>
          <option value="none" .selected=${keep?.length === 0}>${say.noneOnlyThePrediction}</option>
          <option value="some" .selected=${!!keep?.length}>${say.someOfThem}</option>
        </select>
      </label>
    `;
  }

  /**
   * @param {Job} job
   * @param {readonly string[]} keep
   */
  #some({ header }, keep) {
    const kept = new Set(keep);
    const choose = (/** @type {Event} */ event) => {
      const { value, checked } = /** @type {HTMLInputElement} */ (event.target);
      this.#change({
        keep: header.filter((name) => (name === value ? checked : kept.has(name))),
      });
    };
    return html`
      <fieldset class="kept-columns">
        <legend>${say.columnsInTheResult}</legend>
        ${header.map(
          (name) => html`
            <label><input type="checkbox" value=${name} .checked=${kept.has(name)}
              ?disabled=${kept.size === 1 && kept.has(name)} @change=${choose} /> <bdi>${name}</bdi></label>
          `,
        )}
      </fieldset>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Job} job
   */
  #classes({ signature: { output } }, job) {
    const classes = output.classes ?? [];
    const at = classes.findIndex(({ value }) => `${value}` === `${job.class}`);
    const choose = (/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLSelectElement} */ (event.target);
      this.#change({ class: classes[Number(value)]?.value ?? null });
    };
    return html`
      <label>${common.probabilities}
        <select @change=${choose}>
          <option value="-1" .selected=${at < 0}>${say.ofAllClasses}</option>
          ${classes.map(({ label }, place) => html`<option value=${place} .selected=${place === at}>${label}</option>`)}
        </select>
      </label>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Job} job
   */
  #threshold({ signature: { output } }, { threshold, class: chosen }) {
    const { classes = [], threshold: own } = output;
    const positive = chosen ?? own?.class ?? classes[1]?.value ?? "";
    const isOwn = !own || `${own.class}` === `${positive}`;
    const value = own ? (isOwn ? own.value : 1 - own.value) : 0.5;
    const change = (/** @type {Event} */ event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      if (!field.reportValidity()) return;
      this.#change({ threshold: field.value === "" ? null : field.valueAsNumber });
    };
    return html`
      <label>${say.thresholdFor(labelOf(output, positive))}
        <input type="number" min="0" max="1" step="any" placeholder=${`${Number(value.toFixed(6))}`}
          .value=${`${threshold ?? ""}`} @change=${change} />
      </label>
    `;
  }

  /** @param {import("./state.js").Change} change */
  #change(change) {
    this.emit("batch", ["change", change]);
  }
}

customElements.define("servery-batch-returned", ServeryBatchReturned);

/** Columns that a server takes by name. */
const MOST = 100;
