import { html, nothing } from "lit";
import * as say from "#words/compare";
import { body } from "../ask/servery-answer.js";
import { formOf } from "../ask/servery-form.js";
import { hindrance } from "../ask/words.js";
import { isSame } from "../lib/draft.js";
import { StateElement } from "../lib/element.js";
import { comparisonOf } from "./state.js";
import { differenceTexts, nameOf } from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {import("./state.js").Choice} Choice */
/** @typedef {import("./state.js").Comparison} Comparison */

/** One question, and the answers of two versions or models beside each other. Property in: `state`. */
export class ServeryCompare extends StateElement {
  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts || state.route.page !== "model") return nothing;
    const comparison = comparisonOf(state);
    return html`
      <div class="bench compare">
        ${formOf(state, facts)}
        <section class="compared" aria-label=${say.twoAnswers}>
          <h2 class="visually-hidden">${say.twoAnswers}</h2>
          <p>${say.compareLead}</p>
          ${this.#choice(facts, comparison)}
          ${comparison.part ? this.#answers(state, facts, comparison) : nothing}
        </section>
      </div>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Comparison} comparison
   */
  #choice({ name }, { choices, part }) {
    if (choices?.length === 0) return html`<p class="notice">${say.nothingElse}</p>`;
    const versions = choices?.filter((each) => each.name === name) ?? [];
    const models = choices?.filter((each) => each.name !== name) ?? [];
    const choose = (/** @type {Event & {currentTarget: HTMLSelectElement}} */ { currentTarget }) =>
      this.emit("compare-with", currentTarget.value || null);
    return html`
      <label class="compare-with">
        <span>${say.compareWith}</span>
        <select .value=${part ?? ""} aria-busy=${choices === null} @change=${choose}>
          <option value="" ?selected=${!part}>${choices ? say.choose : say.loading}</option>
          ${part && !choices?.some((each) => each.part === part) ? html`<option value=${part} selected>${part}</option>` : nothing}
          ${options(say.versionsOfThisModel, versions, part)}
          ${options(
            say.modelsWithTheseInputs,
            models.filter(({ fits }) => fits),
            part,
          )}
          ${options(
            say.otherModels,
            models.filter(({ fits }) => !fits),
            part,
          )}
        </select>
      </label>
    `;
  }

  /**
   * @param {State} state
   * @param {Facts} facts
   * @param {Comparison} comparison
   */
  #answers({ answer, draft }, facts, comparison) {
    const { facts: theirs, prediction, status, detail, asked } = comparison;
    if (!theirs)
      return html`<p class=${detail ? "notice" : "small"} role="status">${detail || say.loading}</p>`;
    const isPresent = answer.status === "ready" && isSame(answer.asked, draft);
    const isBoth = isPresent && status === "ready" && answer.asked === asked;
    const difference =
      isBoth && answer.prediction && prediction
        ? differenceTexts({ facts, prediction: answer.prediction }, { facts: theirs, prediction })
        : null;
    return html`
      <p class="difference" role="status" data-stale=${isBoth ? nothing : ""}>${difference ? difference.join(" ") : prediction && answer.prediction ? say.beforeYourChange : ""}</p>
      <div class="pair">
        ${card(facts, theirs, answer.prediction, hindrance(answer) || (answer.prediction ? "" : say.fillIn), !isPresent)}
        ${card(theirs, facts, prediction, detail || (prediction ? "" : status === "asking" ? say.asking : say.fillIn), !isBoth)}
      </div>
    `;
  }
}

customElements.define("servery-compare", ServeryCompare);

/**
 * @param {string} title
 * @param {readonly Choice[]} choices
 * @param {string | null} chosen
 */
function options(title, choices, chosen) {
  if (choices.length === 0) return nothing;
  return html`<optgroup label=${title}>
    ${choices.map((each) => html`<option value=${each.part} ?selected=${each.part === chosen}>${each.title}</option>`)}
  </optgroup>`;
}

/**
 * @param {Facts} facts
 * @param {Facts} others
 * @param {Prediction | null} prediction
 * @param {string} state why there is no answer to the inputs as they are now
 * @param {boolean} isStale
 */
function card(facts, others, prediction, state, isStale) {
  const name = nameOf(facts, others);
  return html`
    <section class="answer" aria-label=${name} data-status=${isStale ? "asking" : "ready"} aria-busy=${isStale}>
      <h3 class="answer-state"><span>${name}${state ? html`<small>${state}</small>` : nothing}</span></h3>
      <div class="answer-body" data-stale=${isStale ? "" : nothing}>
        <p class="output-name">${facts.signature.output.label}</p>
        ${prediction ? body(facts, prediction) : nothing}
      </div>
    </section>
  `;
}
