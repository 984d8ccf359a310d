import * as say from "#words/scenarios";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { headline } from "../ask/headlines.js";
import { warningsCounted } from "../ask/words.js";
import { typedText } from "../inputs/instance.js";
import { isSame, typedIn } from "../lib/draft.js";
import { insightOf } from "../insight/state.js";
import { StateElement } from "../lib/element.js";
import { differing, knownOf, nameOf } from "./state.js";
import {
  contributionTexts,
  differenceText,
  differenceTitle,
  doubtText,
  doubtTitle,
  scenariosCsv,
} from "./words.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Explanation} Explanation */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../shell/state.js").State} State */

/**
 * One line of the table; `at` is its place among the kept ones, null for the present question.
 * @typedef {{at: number | null, name: string, draft: Draft, prediction: Prediction | null, explanation: Explanation | null, detail: string, isPresent: boolean}} Row
 */

const LONGEST_NAME = 60;

/** Answers that were kept, and the present one, in a table. Property in: `state`. */
export class ServeryScenarios extends StateElement {
  /** @type {string | null} what has the focus once a change is shown */
  #focus = null;

  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts || state.route.page !== "model" || state.route.kept.length === 0) return nothing;
    const rows = rowsOf(state);
    const isBusy = rows.some(({ prediction, detail }) => !prediction && !detail);
    return html`
      <section class="insight-part" aria-label=${say.scenarios} aria-busy=${isBusy}>
        <div class="insight-head">
          <h2>${say.scenarios}</h2>
          <servery-copy .text=${scenariosCsv(facts, rows)} label=${say.copyAsCsv} what=${say.table}></servery-copy>
        </div>
        ${this.#table(facts, rows, state.route.kept.length)}
      </section>
    `;
  }

  updated() {
    if (!this.#focus) return;
    const wanted = this.querySelector(this.#focus) ?? document.querySelector("[data-keep]");
    this.#focus = null;
    /** @type {HTMLElement | null} */ (wanted)?.focus();
  }

  /**
   * @param {Facts} facts
   * @param {Row[]} rows
   * @param {number} count of the kept ones
   */
  #table(facts, rows, count) {
    const { inputs, output } = facts.signature;
    const apart = differing(
      inputs,
      rows.map(({ draft }) => draft),
    );
    const present = rows.find(({ isPresent }) => isPresent)?.prediction ?? null;
    const doubt = doubtTitle(rows.flatMap(({ prediction }) => prediction ?? []));
    const isCompared = rows.some((row) => differenceOf(facts, row, present));
    const isExplained = facts.capabilities.includes("explanations");
    const shared = inputs.length - apart.length;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${say.scenariosSideBySide}>
        <table class="scenarios">
          <caption class="visually-hidden">${say.scenariosSideBySide}</caption>
          <thead>
            <tr>
              <th scope="col">${say.scenario}</th>
              <th scope="col">${output.label}</th>
              ${isCompared ? html`<th scope="col">${say.againstNow}<small>${differenceTitle(facts, present)}</small></th>` : nothing}
              ${doubt ? html`<th scope="col">${doubt}</th>` : nothing}
              ${apart.map(({ label }) => html`<th scope="col" data-input>${label}</th>`)}
              ${isExplained ? html`<th scope="col">${say.largestContributions}</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              rows,
              ({ at }) => at ?? "now",
              (row) => html`
                <tr data-row=${row.at ?? "now"} aria-current=${row.isPresent ? "true" : nothing}>
                  <th scope="row">${this.#name(row, count)}</th>
                  <td data-outcome>${outcome(facts, row)}</td>
                  ${isCompared ? html`<td data-difference>${differenceOf(facts, row, present)}</td>` : nothing}
                  ${doubt ? html`<td>${row.prediction ? doubtText(facts, row.prediction) : nothing}</td>` : nothing}
                  ${apart.map((input) => html`<td data-input><span class="typed">${typedText(input, typedIn(row.draft, input.name))}</span></td>`)}
                  ${isExplained ? html`<td data-contributions>${contributions(facts, row)}</td>` : nothing}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <p class="help">${sharedText(shared, inputs.length, rows.length)}</p>
    `;
  }

  /**
   * @param {Row} row
   * @param {number} count of the kept ones
   */
  #name(row, count) {
    const { at, name, isPresent } = row;
    if (at === null) return name;
    return html`
      <input type="text" .value=${name} maxlength=${LONGEST_NAME} autocomplete="off" spellcheck="false"
        aria-label=${say.nameOfScenario(at + 1)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => restore(event, name)}
        @change=${(/** @type {Event} */ event) => this.#rename(event, at, name)} />
      ${isPresent ? html`<small>${say.nowInTheForm}</small>` : nothing} ${this.#actions(row, at, count)}
    `;
  }

  /**
   * @param {Event} event
   * @param {number} at
   * @param {string} before
   */
  #rename({ target }, at, before) {
    const box = /** @type {HTMLInputElement} */ (target);
    box.value = box.value.trim() || before;
    if (box.value !== before) this.emit("name-kept", { at, name: box.value });
  }

  /**
   * @param {Row} row
   * @param {number} at
   * @param {number} count of the kept ones
   */
  #actions({ name, draft }, at, count) {
    const move = (/** @type {number} */ by) => {
      this.#focus = `[data-row="${at + by}"] [data-move="${by}"]:enabled, [data-row="${at + by}"] [data-move]:enabled`;
      this.emit("move-kept", { at, by });
    };
    const drop = () => {
      this.#focus = `[data-row="${Math.min(at, count - 2)}"] [data-drop]`;
      this.emit("drop-kept", at);
    };
    const named = html`<span class="visually-hidden"> ${name}</span>`;
    return html`
      <div class="row-actions">
        <button type="button" class="quiet" @click=${() => this.emit("fill", { draft })}>${say.fillIn}${named}</button>
        <button type="button" class="quiet" data-move="-1" ?disabled=${at === 0} @click=${() => move(-1)}>${arrow("M12 19V5M6 11l6-6 6 6")}<span class="visually-hidden">${say.moveUp}</span>${named}</button>
        <button type="button" class="quiet" data-move="1" ?disabled=${at === count - 1} @click=${() => move(1)}>${arrow("M12 5v14M6 13l6 6 6-6")}<span class="visually-hidden">${say.moveDown}</span>${named}</button>
        <button type="button" class="quiet" data-drop @click=${drop}>${arrow("M6 6l12 12M18 6 6 18")}<span class="visually-hidden">${say.remove}</span>${named}</button>
      </div>
    `;
  }
}

customElements.define("servery-scenarios", ServeryScenarios);

/**
 * @param {State} state
 * @returns {Row[]} the kept ones in their order; before them the present one, if it is not kept
 */
function rowsOf(state) {
  const { route, answer } = state;
  if (route.page !== "model") return [];
  const rows = route.kept.map(({ draft }, at) => {
    const isPresent = answer.status === "ready" && isSame(draft, answer.asked);
    return { at, name: nameOf(route.kept, at), draft, ...knownOf(state, draft), isPresent };
  });
  if (!answer.prediction || rows.some(({ isPresent }) => isPresent)) return rows;
  const { asked, prediction } = answer;
  const { of, body } = insightOf(state).explanation;
  const explanation = of === asked ? body : null;
  const now = { name: say.now, draft: asked, prediction, explanation, detail: "" };
  return [{ at: null, ...now, isPresent: true }, ...rows];
}

/**
 * @param {Facts} facts
 * @param {Row} row
 */
function outcome({ signature, training }, { prediction, detail }) {
  if (!prediction) return detail ? html`<small>${detail}</small>` : "…";
  const warned = warningsCounted(prediction);
  return html`${headline(signature.output, prediction, training.rows)}${warned ? html` <small>${warned}</small>` : nothing}`;
}

/**
 * @param {Facts} facts
 * @param {Row} row
 * @param {Prediction | null} present
 */
function differenceOf(facts, { isPresent, prediction }, present) {
  return isPresent || !prediction || !present ? "" : differenceText(facts, prediction, present);
}

/**
 * @param {Facts} facts
 * @param {Row} row
 */
function contributions(facts, { prediction, explanation }) {
  if (!prediction || !explanation) return nothing;
  const texts = contributionTexts(facts, prediction, explanation);
  return html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
}

/**
 * @param {number} shared
 * @param {number} all
 * @param {number} rows
 */
function sharedText(shared, all, rows) {
  if (rows < 2) return say.changeToCompare;
  if (shared === 0) return say.everyInputDiffers;
  return say.sharedInputs(shared, all);
}

/**
 * @param {KeyboardEvent} event
 * @param {string} name
 */
function restore({ key, target }, name) {
  if (key === "Escape") /** @type {HTMLInputElement} */ (target).value = name;
}

/** @param {string} path */
function arrow(path) {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
