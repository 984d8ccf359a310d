import * as common from "#words/common";
import * as say from "#words/insight";
import { html, nothing } from "lit";
import { typedFor, typedIn } from "../lib/draft.js";
import { numberIn } from "../inputs/number-text.js";
import { typeOf } from "../inputs/types.js";
import { PageElement } from "../lib/element.js";
import { differsOnlyIn, heightAt, isCurved, withPresent } from "./state.js";
import { measureOf, presentOf, valueText } from "./measure.js";
import { inputName } from "../ask/words.js";
import "./servery-curve.js";
import "./servery-curve-bars.js";
import "./servery-error.js";

/** @typedef {import("./measure.js").Measure} Measure */
/** @typedef {import("../lib/types.js").Curve} Curve */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */

/**
 * How the answer would change with one input, and a way to change it there.
 * Properties in: `facts`, `prediction`, `draft`, `answer`, `curve`, `name` (of the input).
 */
export class ServeryWhatIf extends PageElement {
  static properties = {
    facts: { attribute: false },
    prediction: { attribute: false },
    draft: { attribute: false },
    answer: { attribute: false },
    curve: { attribute: false },
    name: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    /** @type {Draft} */
    this.draft = {};
    /** @type {import("../ask/state.js").Answer | null} */
    this.answer = null;
    /** @type {import("./state.js").Look<Curve> | null} */
    this.curve = null;
    /** @type {string | null} */
    this.name = null;
  }

  render() {
    const { facts, curve, name } = this;
    const input = facts?.signature.inputs.find((each) => each.name === name);
    if (!facts || !curve || !input) return nothing;
    const isShown = curve.body?.input === name;
    return html`
      <section class="insight-part" aria-label=${common.whatIf} aria-busy=${curve.status === "asking"}>
        <div class="insight-head">
          <h2>${common.whatIf}</h2>
          <select class="of-input" aria-label=${say.inputToChange} .value=${input.name} @change=${this.#choose}>
              ${facts.signature.inputs
                .filter(isCurved)
                .map(
                  ({ name: each, label }) =>
                    html`<option value=${each} ?selected=${each === name}>${label}</option>`,
                )}
            </select>
        </div>
        ${isShown && curve.body ? this.#body(input, curve.body) : html`<div class="curve-room" data-type=${input.type}></div>`}
        <servery-error .look=${curve} wanted="curve" words=${say.noCurve}></servery-error>
      </section>
    `;
  }

  /**
   * @param {Input} input
   * @param {Curve} curve
   */
  #body(input, curve) {
    const { facts, prediction } = this;
    if (!facts || !prediction) return nothing;
    const figures = curve.points.map((point) => point.prediction);
    const spread = Math.max(...figures) - Math.min(...figures);
    const measure = measureOf(facts, prediction, curve.output, spread);
    const typed = typedIn(this.draft, input.name);
    const isStale = !differsOnlyIn(input.name, this.curve?.of ?? null, this.draft);
    const isNumber = typeOf(input).curve === "line";
    const points = isNumber ? this.#points(curve, numberIn(input, typed)) : curve.points;
    const hasLocal = isNumber && isLocal(curve);
    return html`
      <div class="insight-body" data-stale=${isStale || this.curve?.status !== "ready" ? "" : nothing}>
        <p class="readout">${readout(input, points, typed, measure)}</p>
        ${
          isNumber
            ? html`<servery-curve .input=${input} .points=${points} .typed=${typed} .measure=${measure}></servery-curve>`
            : html`<servery-curve-bars .input=${input} .points=${curve.points} .typed=${typed} .measure=${measure}></servery-curve-bars>`
        }
        <p class="key" aria-hidden="true" data-of=${isNumber ? "line" : "bars"}>
          <span data-kind="prediction">${say.measureAllElseEqual(measure.name)}</span>
          <span data-kind="average">${say.onAverage}</span>
          ${hasLocal ? html`<span data-kind="accumulated">${say.accumulatedLocalEffects}</span>` : nothing}
        </p>
        ${hasLocal ? html`<p class="help">${localText(facts, curve)}</p>` : nothing}
        ${table(input, curve, measure)}
      </div>
    `;
  }

  /**
   * @param {Curve} curve
   * @param {number} value
   */
  #points({ points, output }, value) {
    const { facts, prediction, answer } = this;
    const isPresent = answer?.status === "ready" && answer.asked === this.draft;
    const figure = facts && prediction && isPresent ? presentOf(facts, prediction, output) : null;
    return Number.isFinite(value) && figure !== null ? withPresent(points, value, figure) : points;
  }

  /** @param {Event & {target: HTMLSelectElement}} event */
  #choose(event) {
    this.emit("choose", event.target.value);
  }
}

customElements.define("servery-what-if", ServeryWhatIf);

/**
 * @param {Input} input
 * @param {readonly import("../lib/types.js").CurvePoint[]} points
 * @param {string | null | undefined} typed
 * @param {Measure} measure
 */
function readout(input, points, typed, measure) {
  const isNumber = typeOf(input).curve === "line";
  const at = numberIn(input, typed);
  if (isNumber && Number.isFinite(at)) {
    return html`${input.label} ${valueText(input, at)}: <strong>${measure.figure(heightAt(points, at, "prediction"))}</strong>`;
  }
  const point = isNumber ? null : points.find(({ value }) => typedFor(value) === (typed ?? null));
  if (!point) return say.notMarked(input.label);
  return html`${input.label}, ${valueText(input, point.value)}: <strong>${measure.figure(point.prediction)}</strong>`;
}

/** @param {Curve} curve */
function isLocal({ points }) {
  return points.some(({ accumulated }) => accumulated !== null);
}

/**
 * @param {Facts} facts
 * @param {Curve} curve
 * @returns {string} why there is another average
 */
function localText(facts, { correlated }) {
  const others = correlated.map((name) => common.quoted(inputName(facts, name))).join(", ");
  return say.localEffectsWhy(others);
}

/**
 * @param {Input} input
 * @param {Curve} curve
 * @param {Measure} measure
 */
function table(input, curve, measure) {
  const { points } = curve;
  const hasLocal = typeOf(input).curve === "line" && isLocal(curve);
  return html`
    <details class="as-table">
      <summary>${say.asATable}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${say.whatIfAsATable}>
        <table>
          <caption class="visually-hidden">${say.measureByInput(measure.name, input.label)}</caption>
          <thead>
            <tr><th scope="col">${input.label}</th><th scope="col">${say.allElseEqual}</th><th scope="col">${say.onAverage}</th>${hasLocal ? html`<th scope="col">${say.localEffects}</th>` : nothing}</tr>
          </thead>
          <tbody>
            ${points.map(
              ({ value, prediction, average, accumulated }) => html`
                <tr>
                  <th scope="row">${valueText(input, value)}</th>
                  <td>${measure.figure(prediction)}</td>
                  <td>${measure.figure(average)}</td>
                  ${hasLocal ? html`<td>${accumulated === null ? "–" : measure.figure(accumulated)}</td>` : nothing}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}
