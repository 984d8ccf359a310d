import { html, nothing } from "lit";
import { isSame, typedIn } from "../lib/draft.js";
import { typedText } from "../inputs/instance.js";
import { PageElement } from "../lib/element.js";
import { measureOf, quantityOf } from "./measure.js";
import { headlineUndoubted, partsOf, probabilityOf } from "../ask/words.js";
import "./servery-error.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

/**
 * The answer that was kept beside the present one, and where the two questions differ.
 * Properties in: `facts`, `answer`, `pinned`, `pin` (the question that is kept).
 */
export class ServeryComparison extends PageElement {
  static properties = {
    facts: { attribute: false },
    answer: { attribute: false },
    pinned: { attribute: false },
    pin: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("../ask/state.js").Answer | null} */
    this.answer = null;
    /** @type {import("./state.js").Look<Prediction> | null} */
    this.pinned = null;
    /** @type {Draft} */
    this.pin = {};
  }

  render() {
    const { facts, answer, pinned, pin } = this;
    if (!facts || !answer?.prediction || !pinned) return nothing;
    return html`
      <section class="insight-part" aria-label="Compare" aria-busy=${pinned.status === "asking"}>
        <div class="insight-head">
          <h2>Compare</h2>
          <div class="pin-actions">
            ${isSame(pin, answer.asked) ? nothing : html`<button type="button" class="quiet" @click=${() => this.emit("fill", { draft: pin })}>Go back to it</button>`}
            <button type="button" class="quiet" @click=${() => this.emit("pin", null)}>Unpin</button>
          </div>
        </div>
        ${pinned.body ? this.#table(facts, pinned.body, answer.prediction, answer.asked) : nothing}
        <servery-error .look=${pinned} wanted="pinned" what="the pinned answer"></servery-error>
      </section>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Prediction} before
   * @param {Prediction} now
   * @param {Draft} asked
   */
  #table(facts, before, now, asked) {
    const { inputs } = facts.signature;
    const differing = inputs.filter(({ name }) => !isSameTyped(name, this.pin, asked));
    const isStale = this.answer?.status !== "ready" || this.pinned?.status !== "ready";
    return html`
      <div class="insight-body" data-stale=${isStale ? "" : nothing}>
        <div class="scroll" tabindex="0" role="region" aria-label="Pinned and present, side by side">
          <table class="comparison">
            <caption class="visually-hidden">Pinned and present, side by side</caption>
            <thead>
              <tr><td></td><th scope="col">Pinned</th><th scope="col">Now</th></tr>
            </thead>
            <tbody>
              ${answers(facts, before, now, differing.length > 0)}
              ${differing.map((input) => this.#row(input, asked))}
            </tbody>
          </table>
        </div>
        <p class="help">${sharedText(inputs.length - differing.length, inputs.length)}</p>
      </div>
    `;
  }

  /**
   * @param {Input} input
   * @param {Draft} asked
   */
  #row(input, asked) {
    return html`
      <tr data-differs>
        <th scope="row">${input.label}</th>
        <td>${typedText(input, typedIn(this.pin, input.name))}</td>
        <td>${typedText(input, typedIn(asked, input.name))}</td>
      </tr>
    `;
  }
}

customElements.define("servery-comparison", ServeryComparison);

/**
 * @param {string} name
 * @param {Draft} a
 * @param {Draft} b
 */
function isSameTyped(name, a, b) {
  return (typedIn(a, name) ?? "") === (typedIn(b, name) ?? "");
}

/**
 * @param {number} shared
 * @param {number} all
 */
function sharedText(shared, all) {
  if (shared === all)
    return "Both answers have the same inputs. Change an input to see the difference here.";
  if (shared === 0) return "Every input differs.";
  return `${shared} of ${all} inputs are the same in both.`;
}

/**
 * @param {Facts} facts
 * @param {Prediction} before
 * @param {Prediction} now
 * @param {boolean} isOther they answer two questions
 */
function answers(facts, before, now, isOther) {
  const { output } = facts.signature;
  const rows = partsOf(output, now).map(({ output: part, predicted: present }) => {
    const past = partsOf(output, before).find((each) => each.output.name === part.name)?.predicted;
    const shown = answerShown(part, past, present);
    return html`
      <tr data-answer>
        <th scope="row">${part.label}</th>
        <td>${past ? shown(past) : nothing}</td>
        <td>${shown(present)}</td>
      </tr>
    `;
  });
  return html`${rows}${isOther ? difference(facts, before, now) : nothing}`;
}

/**
 * Of two numbers that differ, so many digits that their difference is seen in them.
 * @param {import("../lib/types.js").Output} output
 * @param {import("../lib/types.js").OutputPrediction | undefined} past
 * @param {import("../lib/types.js").OutputPrediction} present
 * @returns {(predicted: import("../lib/types.js").OutputPrediction) => string}
 */
function answerShown(output, past, present) {
  const apart = Math.abs(Number(present.prediction) - Number(past?.prediction));
  if (output.task !== "regression" || !(apart > 0)) {
    return (predicted) => headlineUndoubted(output, /** @type {Prediction} */ (predicted));
  }
  const { figure } = quantityOf(output, apart);
  return ({ prediction }) => figure(Number(prediction));
}

/**
 * Of a number, or of the probability of the class that is called now.
 * @param {Facts} facts
 * @param {Prediction} before
 * @param {Prediction} now
 */
function difference(facts, before, now) {
  const { output } = facts.signature;
  if (output.outputs) return nothing;
  const [past, present] = [before, now].map((each) =>
    output.task === "regression"
      ? Number(each.prediction)
      : probabilityOf({ ...each, prediction: now.prediction }),
  );
  if (typeof past !== "number" || typeof present !== "number") return nothing;
  const apart = present - past;
  const measure = measureOf(facts, now, now.prediction, Math.abs(apart));
  const words = `${measure.difference(apart)} ${measure.unit}`;
  if (output.task === "regression") {
    return html`<tr data-difference><th scope="row">Difference</th><td></td><td>${words}</td></tr>`;
  }
  return html`
    <tr data-difference>
      <th scope="row">${measure.name.replace(/^\w+ of /, "")}</th>
      <td>${measure.figure(past)}</td>
      <td>${measure.figure(present)} <small>${words}</small></td>
    </tr>
  `;
}
