import { html, nothing } from "lit";
import { instanceOf } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import { snippets } from "../lib/snippets.js";

/** Code that asks exactly what is on screen. Properties in: `facts`, `draft`. */
export class ServerySnippets extends PageElement {
  static properties = { facts: { attribute: false }, draft: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
  }

  render() {
    if (!this.facts) return nothing;
    const { json, faults } = instanceOf(this.facts.signature.inputs, this.draft);
    return html`
      <section class="snippets" aria-label="API">
        <p>The same question for a program. <a href="./docs">All endpoints</a></p>
        ${
          faults.length > 0
            ? html`<p class="state" data-tone="plain">Fill in every input to see the code for it.</p>`
            : snippets(this.facts.name, json).map((each) => this.#snippet(each))
        }
      </section>
    `;
  }

  /** @param {{language: string, code: string}} snippet */
  #snippet({ language, code }) {
    return html`
      <figure>
        <figcaption>
          ${language}
          <button type="button" class="quiet" @click=${() => this.#copy(language, code)}>
            Copy<span class="visually-hidden"> ${language}</span>
          </button>
        </figcaption>
        <pre tabindex="0" aria-label=${`${language} code`}><code>${code}</code></pre>
      </figure>
    `;
  }

  /**
   * @param {string} language
   * @param {string} code
   */
  async #copy(language, code) {
    try {
      await navigator.clipboard.writeText(code);
      this.wish("notice", `${language} copied.`);
    } catch {
      this.wish("notice", "The browser does not let this page copy; select the text instead.");
    }
  }
}

customElements.define("servery-snippets", ServerySnippets);
