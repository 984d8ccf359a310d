import * as common from "#words/common";
import * as say from "#words/code";
import { html, nothing } from "lit";
import { StateElement } from "../lib/element.js";
import { tokensOf } from "./highlight.js";
import { codeOf, isAnswered, shownOf } from "./state.js";
import "../shell/servery-copy.js";

/** @typedef {import("./snippets.js").Question} Question */
/** @typedef {import("./snippets.js").Snippet} Snippet */

const TITLES = {
  predictions: common.prediction,
  explanations: common.whatInfluencedIt,
  curves: common.whatIf,
  counterfactuals: say.whatWouldChangeIt,
  "nearest-rows": say.similarRows,
};

/** @type {Readonly<Record<string, number>>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** Code that asks exactly what is on screen, and the response to it. Property in: `state`. */
export class ServerySnippets extends StateElement {
  render() {
    const { state } = this;
    if (!state) return nothing;
    const shown = shownOf(state);
    return html`
      <section class="snippets" aria-label="API">
        <p>${say.inTheForm} <a href="./docs/">${say.allEndpoints}</a></p>
        ${
          shown
            ? html`${this.#choice(shown.questions, shown.question)} ${this.#tabs(shown.all, shown.snippet)} ${code(shown.snippet)}
                ${this.#response(codeOf(state).response, isAnswered(state))}`
            : html`<p class="notice">${say.fillInEvery}</p>`
        }
      </section>
    `;
  }

  /**
   * @param {Question[]} questions
   * @param {Question} chosen
   */
  #choice(questions, chosen) {
    if (questions.length < 2) return nothing;
    return html`
      <div class="chips" role="group" aria-label=${say.whatToAskFor}>
        ${questions.map(
          ({
            resource,
          }) => html`<button type="button" class="chip" aria-pressed=${resource === chosen.resource}
            @click=${() => this.emit("choose-code", { resource })}>${TITLES[resource]}</button>`,
        )}
      </div>
    `;
  }

  /**
   * @param {Snippet[]} all
   * @param {Snippet} shown
   */
  #tabs(all, shown) {
    return html`
      <div class="code-tabs" role="tablist" aria-label=${say.languages}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#step(event, all, shown)}>
        ${all.map(
          ({
            language,
          }) => html`<button type="button" role="tab" class="quiet" aria-controls="code-shown"
            aria-selected=${language === shown.language} tabindex=${language === shown.language ? 0 : -1}
            @click=${() => this.emit("choose-code", { language })}>${language}</button>`,
        )}
      </div>
    `;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Snippet[]} all
   * @param {Snippet} shown
   */
  #step(event, all, shown) {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    const last = all.length - 1;
    const at = all.indexOf(shown) + by;
    const next =
      Math.abs(by) === 1 ? (at + all.length) % all.length : Math.min(last, Math.max(0, at));
    this.emit("choose-code", { language: all[next]?.language });
    /** @type {NodeListOf<HTMLElement>} */
    const tabs = this.querySelectorAll("[role=tab]");
    tabs[next]?.focus();
  }

  /**
   * @param {import("./state.js").Response} response
   * @param {boolean} isPresent
   */
  #response({ status, text }, isPresent) {
    const isStale = status === "asking" || !isPresent;
    return html`
      <figure class="response" aria-busy=${isStale}>
        <figcaption>
          <h2>${say.response}</h2>
          <servery-copy .text=${text} label=${common.copy} what=${say.response}></servery-copy>
        </figcaption>
        <pre tabindex="0" role="region" aria-label=${say.response} data-stale=${isStale ? "" : nothing}><code>${tokens(text || "…")}</code></pre>
      </figure>
    `;
  }
}

customElements.define("servery-snippets", ServerySnippets);

/** @param {Snippet} snippet */
function code({ language, code }) {
  return html`
    <div id="code-shown" role="tabpanel" aria-label=${language}>
      <figure>
      <figcaption>
        <h2>${say.codeIn(language)}</h2>
        <servery-copy .text=${code} label=${common.copy} what=${language}></servery-copy>
      </figcaption>
      <pre tabindex="0" role="region" aria-label=${say.codeIn(language)}><code>${tokens(code)}</code></pre>
    </figure>
    </div>
  `;
}

/** @param {string} text */
function tokens(text) {
  return tokensOf(text).map(({ kind, text: each }) =>
    kind ? html`<span data-token=${kind}>${each}</span>` : each,
  );
}
