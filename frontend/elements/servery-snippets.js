import { html, nothing } from "lit";
import { instanceOf } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import { snippets } from "../lib/snippets.js";
import "./servery-copy.js";

/** Code that asks exactly what is on screen. Properties in: `facts`, `version` (null for the one
 * served), `draft`. */
export class ServerySnippets extends PageElement {
  static properties = {
    facts: { attribute: false },
    version: { attribute: false },
    draft: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {string | null} */
    this.version = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
  }

  render() {
    if (!this.facts) return nothing;
    const { members, faults } = instanceOf(this.facts.signature.inputs, this.draft);
    const isWhole = faults.length === 0;
    return html`
      <section class="snippets" aria-label="API">
        <p>The very question of the form, for a program.
          <a href="./docs/">All endpoints</a></p>
        ${
          isWhole
            ? snippets({ name: this.facts.name, version: this.version }, members).map(snippet)
            : html`<p class="notice">Fill in every input to see the code for it.</p>`
        }
      </section>
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
        <servery-copy .text=${code} label="Copy" what=${language}></servery-copy>
      </figcaption>
      <pre tabindex="0" role="region" aria-label=${`${language} code`}><code>${code}</code></pre>
    </figure>
  `;
}
