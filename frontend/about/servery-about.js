import { html, nothing } from "lit";
import { hashOf } from "../lib/address.js";
import { PlottedElement } from "../plots/plotted-element.js";
import { count, quantity } from "../lib/format.js";
import { computedBy } from "../ask/words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * The card, what was measured, and what it was fitted with. Plots come when this is shown.
 * Properties in: `facts`, `evaluation`, `threshold`.
 */
export class ServeryAbout extends PlottedElement {
  static properties = {
    ...PlottedElement.properties,
    facts: { attribute: false },
    evaluation: { attribute: false },
    threshold: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("../shell/state.js").State["evaluation"] | null} */
    this.evaluation = null;
    /** @type {number | null} */
    this.threshold = null;
  }

  fetchPlots() {
    return import("./evaluation.js");
  }

  render() {
    const facts = this.facts;
    if (!facts) return nothing;
    const { card } = facts;
    return html`
      <article class="about">
        <div class="about-words">
          ${card.description ? prose(card.description) : nothing}
          ${list("Must not be used for", card.not_for, "not-for")}
          ${list("Made for", card.intended_use)}
          ${list("What to mind", card.limitations)}
          ${list("What is not known", facts.notes)}
          ${isUnwritten(facts) ? html`<p>Nobody has written about this model yet.</p>` : nothing}
        </div>
        ${origin(facts)} ${measured(facts)} ${this.#plotted(facts)}
      </article>
    `;
  }

  /** @param {Facts} facts */
  #plotted(facts) {
    return this.plotted(
      () => html`<servery-evaluation .facts=${facts} .evaluation=${this.evaluation}
        .threshold=${this.threshold}></servery-evaluation>`,
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
function measured({ metrics }) {
  if (!metrics) {
    return html`<section><h2>How good it is</h2><p>Nobody has measured this version on unseen rows.</p></section>`;
  }
  return html`
    <section>
      <h2>How good it is</h2>
      <p>Measured on ${count(metrics.rows)} rows that the fit did not see. ${metrics.detail}</p>
      <dl class="metrics">
        ${metrics.values.map(
          ({ label, value, unit, meaning }) => html`
            <div>
              <dt>${label}</dt>
              <dd><strong>${quantity(value, Math.abs(value) >= 20 ? 0 : 3)}</strong> ${unit}</dd>
              <dd class="help">${meaning}</dd>
            </div>
          `,
        )}
      </dl>
    </section>
  `;
}

/** @param {Facts} facts */
function origin(facts) {
  const { card, training, runtime } = facts;
  const libraries = Object.entries(training.libraries).map(([name, each]) => `${name} ${each}`);
  return html`
    <section data-kind="origin">
      <h2>Where it comes from</h2>
      <dl class="facts">
        ${card.data ? html`<div><dt>Data</dt><dd>${card.data.description}</dd></div>` : nothing}
        ${card.data?.source ? html`<div><dt>Source</dt><dd>${card.data.source}</dd></div>` : nothing}
        ${card.data?.licence ? html`<div><dt>Licence</dt><dd>${card.data.licence}</dd></div>` : nothing}
        <div><dt>Training rows</dt><dd>${training.rows === null ? "not known" : count(training.rows)}</dd></div>
        <div><dt>Fitted on</dt><dd>${training.fitted_on}</dd></div>
        ${versions(facts)}
        <div><dt>Computed by</dt><dd>${computedBy(runtime)}</dd></div>
        <div><dt>Libraries</dt><dd>${libraries.join(", ")}</dd></div>
      </dl>
    </section>
  `;
}

/** @param {Facts} facts */
function versions({ name, version, versions: all, served }) {
  if (all.length < 2) return html`<div><dt>Version</dt><dd>${version}</dd></div>`;
  return html`
    <div>
      <dt>Versions</dt>
      <dd>
        <ul class="versions">
          ${all.toReversed().map((each) => {
            const isServed = each === served;
            const href = hashOf({ name, version: isServed ? null : each, panel: "about" });
            return html`<li>
              <a href=${href} aria-current=${each === version ? "true" : nothing}>${each}</a>
              ${isServed ? html`<small>served</small>` : nothing}
            </li>`;
          })}
        </ul>
      </dd>
    </div>
  `;
}
