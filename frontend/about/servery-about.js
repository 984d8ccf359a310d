import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { labelOf } from "../ask/words.js";
import { hashOf } from "../lib/address.js";
import { count } from "../lib/format.js";
import { PlottedElement } from "../plots/plotted-element.js";
import { aboutOf } from "./state.js";
import {
  computedBy,
  inLabels,
  measuredText,
  metricFigure,
  metricText,
  sharedText,
} from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * The card, what was measured, and what it was fitted with. Plots come when this is shown.
 * Property in: `state`.
 */
export class ServeryAbout extends PlottedElement {
  static properties = { ...PlottedElement.properties, state: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../shell/state.js").State | null} */
    this.state = null;
  }

  fetchPlots() {
    return import("./evaluation.js");
  }

  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!facts) return nothing;
    const { card } = facts;
    return html`
      <article class="about">
        <div class="about-words">
          ${card.description ? prose(card.description) : nothing}
          ${list(say.mustNotBeUsedFor, card.not_for, "not-for")}
          ${list(say.intendedUse, card.intended_use)}
          ${list(say.limitations, card.limitations)}
          ${list(say.whatIsUnknown, facts.notes)}
          ${isUnwritten(facts) ? html`<p>${say.noDescription}</p>` : nothing}
        </div>
        ${origin(facts)} ${measured(facts)} ${this.#plotted(facts, aboutOf(state))}
      </article>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {import("./state.js").About} about
   */
  #plotted(facts, { evaluation, threshold }) {
    return this.plotted(
      () => html`<servery-evaluation .facts=${facts} .evaluation=${evaluation}
        .threshold=${threshold}></servery-evaluation>`,
    );
  }
}

customElements.define("servery-about", ServeryAbout);

/** @param {Facts} facts */
function isUnwritten({ card, notes }) {
  const lists = [card.not_for, card.intended_use, card.limitations, notes];
  return !card.description && lists.every((items) => items.length === 0);
}

/** @param {string} text */
function prose(text) {
  const paragraphs = text.split(/\n\s*\n/);
  return html`<div class="prose">${paragraphs.map((each) => html`<p>${each}</p>`)}</div>`;
}

/**
 * @param {string} title
 * @param {string[]} items
 * @param {string} [kind]
 */
function list(title, items, kind) {
  if (items.length === 0) return nothing;
  return html`
    <section data-kind=${kind ?? nothing}>
      <h2>${title}</h2>
      <ul class="points">${items.map((item) => html`<li>${item}</li>`)}</ul>
    </section>
  `;
}

/** @param {Facts} facts */
function measured(facts) {
  const { metrics } = facts;
  if (!metrics) {
    return html`<section><h2>${say.howGoodItIs}</h2><p>${say.notMeasuredOnUnseen}</p></section>`;
  }
  return html`
    <section>
      <h2>${say.howGoodItIs}</h2>
      <p>${measuredText(metrics)}</p>
      ${metrics.remarks.map((remark) => html`<p class="caution">${remark}</p>`)}
      <dl class="metrics">
        ${metrics.values.map(
          (metric) => html`
            <div>
              <dt>${inLabels(facts, metric.label)}</dt>
              <dd><strong>${metricFigure(metric.value)}</strong> ${metric.unit}</dd>
              <dd class="help">${metricText(facts, metric)}</dd>
            </div>
          `,
        )}
      </dl>
      ${metrics.classes.length > 0 ? byClass(facts) : nothing}
      <p class="help">${say.resampling}</p>
    </section>
  `;
}

/** @param {Facts} facts */
function byClass({ metrics, signature: { output } }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${say.eachClass}>
      <table>
        <caption class="visually-hidden">${say.howWellEachClassIs}</caption>
        <thead>
          <tr>
            <th scope="col">${say.classTitle}</th>
            <th scope="col">${common.rows}</th>
            <th scope="col">${common.predicted}</th>
            <th scope="col">${say.precision}</th>
            <th scope="col">${say.recall}</th>
          </tr>
        </thead>
        <tbody>
          ${metrics?.classes.map(
            ({ class: value, rows, called, precision, recall }) => html`
              <tr>
                <th scope="row">${labelOf(output, value)}</th>
                <td>${count(rows)}</td>
                <td>${count(called)}</td>
                <td>${sharedText(precision)}</td>
                <td>${sharedText(recall)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {Facts} facts */
function origin(facts) {
  const { card, training, runtime, signature } = facts;
  const missing = signature.missing_texts;
  const libraries = Object.entries(training.libraries).map(([name, each]) => `${name} ${each}`);
  return html`
    <section data-kind="origin">
      <h2>${say.whereItComesFrom}</h2>
      <dl class="facts">
        ${card.data ? html`<div><dt>${say.data}</dt><dd>${card.data.description}</dd></div>` : nothing}
        ${card.data?.source ? html`<div><dt>${say.source}</dt><dd>${card.data.source}</dd></div>` : nothing}
        ${card.data?.licence ? html`<div><dt>${say.licence}</dt><dd>${card.data.licence}</dd></div>` : nothing}
        <div><dt>${say.trainingRows}</dt><dd>${training.rows === null ? common.notKnown : count(training.rows)}</dd></div>
        ${missing.length > 0 ? html`<div><dt>${say.countsAsMissing}</dt><dd>${say.emptyCellAnd(missing.join(", "))}</dd></div>` : nothing}
        <div><dt>${say.fittedOn}</dt><dd>${training.fitted_on}</dd></div>
        ${versions(facts)}
        <div><dt>${say.computedBy}</dt><dd>${computedBy(runtime)}</dd></div>
        <div><dt>${say.libraries}</dt><dd>${libraries.join(", ")}</dd></div>
      </dl>
    </section>
  `;
}

/** @param {Facts} facts */
function versions({ name, version, versions: all, served }) {
  if (all.length < 2) return html`<div><dt>${say.version}</dt><dd>${version}</dd></div>`;
  return html`
    <div>
      <dt>${say.versions}</dt>
      <dd>
        <ul class="versions">
          ${all.toReversed().map((each) => {
            const isServed = each === served;
            const href = hashOf({ name, version: isServed ? null : each, panel: "about" });
            return html`<li>
              <a href=${href} aria-current=${each === version ? "true" : nothing}>${each}</a>
              ${isServed ? html`<small>${say.served}</small>` : nothing}
            </li>`;
          })}
        </ul>
      </dd>
    </div>
  `;
}
