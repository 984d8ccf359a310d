import * as common from "#words/common";
import * as say from "#words/code";
import { html, nothing } from "lit";
import { instanceOf } from "../inputs/instance.js";
import { PageElement } from "../lib/element.js";
import { otherClients } from "./client-snippets.js";
import { questionsOf, snippets } from "./snippets.js";
import "../shell/servery-copy.js";

const TITLES = {
  predictions: common.prediction,
  explanations: common.whatInfluencedIt,
  curves: common.whatIf,
  counterfactuals: say.whatWouldChangeIt,
  "nearest-rows": say.similarRows,
};

/** Code that asks exactly what is on screen. Properties in: `facts`, `version` (null for the one
 * served), `draft`. */
export class ServerySnippets extends PageElement {
  static properties = {
    facts: { attribute: false },
    version: { attribute: false },
    draft: { attribute: false },
    resource: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {string | null} */
    this.version = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    /** @type {string} what the code asks for */
    this.resource = "predictions";
  }

  render() {
    if (!this.facts) return nothing;
    const { members, faults } = instanceOf(this.facts.signature.inputs, this.draft);
    const isWhole = faults.length === 0;
    const questions = questionsOf(this.facts);
    const question = questions.find(({ resource }) => resource === this.resource) ?? questions[0];
    return html`
      <section class="snippets" aria-label="API">
        <p>${say.inTheForm}
          <a href="./docs/">${say.allEndpoints}</a></p>
        ${questions.length > 1 ? this.#choice(questions, question?.resource) : nothing}
        ${
          isWhole && question
            ? this.#code({ name: this.facts.name, version: this.version }, members, question)
            : html`<p class="notice">${say.fillInEvery}</p>`
        }
      </section>
    `;
  }

  /**
   * @param {import("../lib/api.js").Asked} model
   * @param {import("./snippets.js").Members} members
   * @param {import("./snippets.js").Question} question
   */
  #code(model, members, question) {
    return html`
      ${snippets(model, members, question).map(snippet)}
      <details>
        <summary>${say.otherClients}</summary>
        ${otherClients(model, members, question).map(snippet)}
      </details>
    `;
  }

  /**
   * @param {import("./snippets.js").Question[]} questions
   * @param {string | undefined} chosen
   */
  #choice(questions, chosen) {
    return html`
      <div class="chips" role="group" aria-label=${say.whatToAskFor}>
        ${questions.map(({ resource }) => {
          const choose = () => {
            this.resource = resource;
          };
          return html`<button type="button" class="chip" aria-pressed=${resource === chosen}
            @click=${choose}>${TITLES[resource]}</button>`;
        })}
      </div>
    `;
  }
}

customElements.define("servery-snippets", ServerySnippets);

/** @param {{language: string, code: string}} snippet */
function snippet({ language, code }) {
  return html`
    <figure>
      <figcaption>
        <h2>${language}</h2>
        <servery-copy .text=${code} label=${common.copy} what=${language}></servery-copy>
      </figcaption>
      <pre tabindex="0" role="region" aria-label=${say.codeIn(language)}><code>${code}</code></pre>
    </figure>
  `;
}
