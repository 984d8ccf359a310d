import * as common from "#words/common";
import * as say from "#words/insight";
import { html, nothing } from "lit";
import { typedFor } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import { percent, quantity, withUnit } from "../lib/format.js";
import { valueText } from "./measure.js";
import { labelOf } from "../ask/words.js";
import "./servery-error.js";

/** @typedef {import("../lib/types.js").Counterfactual} Counterfactual */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

/**
 * The smallest changes that would lead to another answer.
 * Properties in: `facts`, `prediction`, `answer`, `draft`, `changes`, `target` (what was searched for).
 */
export class ServeryChanges extends PageElement {
  static properties = {
    facts: { attribute: false },
    prediction: { attribute: false },
    answer: { attribute: false },
    draft: { attribute: false },
    changes: { attribute: false },
    target: { attribute: false },
    isOtherTarget: { state: true },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Prediction | null} */
    this.prediction = null;
    /** @type {import("../ask/state.js").Answer | null} */
    this.answer = null;
    /** @type {Draft} */
    this.draft = {};
    /** @type {import("./state.js").Look<import("../lib/types.js").Counterfactuals> | null} */
    this.changes = null;
    /** @type {import("../lib/types.js").Target | null} */
    this.target = null;
    this.isOtherTarget = false;
  }

  render() {
    const { facts, prediction, changes } = this;
    if (!facts || !prediction || !changes) return nothing;
    const { inputs, output } = facts.signature;
    const movable = inputs.filter((input) => input.changeable).map(movableText);
    const isSought = changes.status === "asking";
    return html`
      <section class="insight-part" aria-label=${say.whatWouldChangeIt} aria-busy=${isSought}>
        <h2>${say.whatWouldChangeIt}</h2>
        <p class="help">${say.movable(movable.join(", "))}</p>
        <form class="seek" @submit=${this.#seek} @input=${this.#retarget}>
          ${output.task === "regression" ? limits(facts, prediction) : outcomes(facts, prediction)}
          <button>${isSought ? common.searching : say.findChanges}</button>
        </form>
        ${changes.status === "ready" && changes.body ? this.#found(changes.body.counterfactuals) : nothing}
        <servery-error .look=${changes} wanted="changes" words=${say.noChanges}></servery-error>
      </section>
    `;
  }

  /** @param {Counterfactual[]} found */
  #found(found) {
    const isOlder = this.changes?.of !== this.answer?.asked || this.answer?.status !== "ready";
    const words = isOlder || this.isOtherTarget ? this.#searchedText(isOlder) : "";
    return html`
      ${words ? html`<p class="help">${words}</p>` : nothing}
      ${
        found.length === 0
          ? html`<p class="not-found" data-stale=${words ? "" : nothing}>${say.nothingFound}</p>`
          : html`<ol class="found">${found.map((each) => this.#one(each))}</ol>`
      }
    `;
  }

  /**
   * @param {boolean} isOlder
   * @returns {string} which search the result belongs to
   */
  #searchedText(isOlder) {
    const { facts, target } = this;
    if (!facts || target === null) return isOlder ? say.olderResult : say.result;
    const sought = targetText(facts.signature.output, target);
    return isOlder ? say.olderResultFor(sought) : say.resultFor(sought);
  }

  /** @param {Counterfactual} found */
  #one({ changes, prediction, probability }) {
    const { facts } = this;
    if (!facts) return nothing;
    const { inputs, output } = facts.signature;
    const draft = this.#changed(changes);
    const isTried = Object.entries(draft).every(([name, typed]) => this.draft[name] === typed);
    const gives =
      output.task === "regression"
        ? withUnit(quantity(Number(prediction), output.decimals), output.unit)
        : `“${labelOf(output, prediction)}”${probability === null ? "" : `, ${percent(probability)}`}`;
    return html`
      <li>
        <p>
          ${changes.map(({ input: name, from, to }) => {
            const input = inputs.find((each) => each.name === name);
            if (!input) return nothing;
            return html`<span class="change">${input.label}: ${typeof from === "number" ? quantity(from, null) : valueText(input, from)}
              <span aria-hidden="true">→</span><span class="visually-hidden">${say.to}</span>
              <strong>${valueText(input, to)}</strong></span>`;
          })}
          <span class="gives">${say.gives(gives)}</span>
        </p>
        <button type="button" aria-pressed=${isTried} @click=${() => this.emit("fill", { draft })}>
          ${isTried ? common.tried : common.tryIt}
        </button>
      </li>
    `;
  }

  /** @param {Counterfactual["changes"]} changes */
  #changed(changes) {
    const changed = changes.map(({ input: name, to }) => [name, typedFor(to)]);
    return { ...this.changes?.of, ...Object.fromEntries(changed) };
  }

  /** @param {Event & {currentTarget: HTMLFormElement}} event */
  #retarget({ currentTarget }) {
    this.isOtherTarget =
      JSON.stringify(this.#targetIn(currentTarget)) !== JSON.stringify(this.target);
  }

  /** @param {Event & {currentTarget: HTMLFormElement}} event */
  #seek(event) {
    event.preventDefault();
    if (this.changes?.status === "asking" || !this.facts) return;
    this.isOtherTarget = false;
    this.emit("seek", this.#targetIn(event.currentTarget));
  }

  /**
   * @param {HTMLFormElement} form
   * @returns {import("../lib/types.js").Target | undefined} what the form says to search for
   */
  #targetIn(form) {
    const fields = new FormData(form);
    const output = this.facts?.signature.output;
    if (output?.task === "regression") {
      const [min, max] = ["min", "max"].map((name) => limitOf(fields.get(name)));
      return { min: min ?? null, max: max ?? null };
    }
    return output?.classes?.find((each) => String(each.value) === fields.get("target"))?.value;
  }
}

customElements.define("servery-changes", ServeryChanges);

/**
 * @param {import("../lib/types.js").Output} output
 * @param {import("../lib/types.js").Target} target
 */
function targetText(output, target) {
  if (typeof target !== "object" || target === null) return `“${labelOf(output, target)}”`;
  const [min, max] = [target.min, target.max].map((each) =>
    each === null ? "" : withUnit(quantity(each, output.decimals), output.unit),
  );
  if (min && max) return common.range(min, max);
  return min ? say.orMore(min) : say.orLess(max);
}

/** @param {import("../lib/types.js").Input} input */
function movableText({ label, changeable }) {
  return typeof changeable === "string" ? say.onlySome(label, changeable) : label;
}

/**
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function outcomes({ signature: { output } }, { prediction, probabilities }) {
  const others = (output.classes ?? []).filter((each) => each.value !== prediction);
  const nearest = probabilities?.find((row) => row.class !== prediction)?.class ?? others[0]?.value;
  return html`
    <label>
      ${say.changeItTo}
      <select name="target">
        ${others.map(({ value, label }) => html`<option value=${String(value)} ?selected=${value === nearest}>${label}</option>`)}
      </select>
    </label>
  `;
}

/**
 * The first suggestion lies a tenth of what training saw above the answer.
 * @param {Facts} facts
 * @param {Prediction} prediction
 */
function limits({ signature: { output } }, { prediction }) {
  const reach = output.training_stats
    ? output.training_stats.maximum - output.training_stats.minimum
    : Number(prediction) || 1;
  const power = 10 ** Math.floor(Math.log10(Math.abs(reach) / 10 || 1));
  const above = Math.ceil((Number(prediction) + Math.abs(reach) / 10) / power) * power;
  return html`
    <label>${say.atLeast} <input name="min" type="number" step="any" value=${Number(above.toPrecision(12))} /></label>
    <label>${say.atMost} <input name="max" type="number" step="any" placeholder=${say.any} /></label>
  `;
}

/** @param {FormDataEntryValue | null} typed */
function limitOf(typed) {
  return typeof typed === "string" && typed.trim() !== "" ? Number(typed) : null;
}
