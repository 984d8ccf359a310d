import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { hashOf } from "../lib/address.js";
import { PageElement } from "../lib/element.js";
import { taskSaid } from "../lib/words.js";
import "./servery-picture.js";
import "./servery-problem.js";

/** Every model that can be asked. Property in: `gallery`. */
export class ServeryGallery extends PageElement {
  static properties = { gallery: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/transitions.js").State["gallery"] | null} */
    this.gallery = null;
  }

  render() {
    const gallery = this.gallery;
    if (!gallery) return nothing;
    if (gallery.status === "unreachable") {
      return html`<servery-problem home kind="unreachable"></servery-problem>`;
    }
    if (gallery.status === "refused") {
      return html`<servery-problem home .problem=${gallery.problem}></servery-problem>`;
    }
    const { models, broken } = gallery.body ?? { models: [], broken: [] };
    if (gallery.body && models.length + broken.length === 0) {
      return html`<servery-problem home kind="empty"></servery-problem>`;
    }
    return html`
      <div class="intro">
        <h1>Ask a model</h1>
        <p>Choose one, change what it is given, and watch its answer follow.</p>
      </div>
      <ul class="gallery" aria-busy=${gallery.body ? "false" : "true"}>
        ${gallery.body ? repeat(models, (model) => model.name, card) : [1, 2, 3, 4, 5, 6].map(placeholder)}
      </ul>
      ${broken.length > 0 ? brokenModels(broken) : nothing}
    `;
  }
}

customElements.define("servery-gallery", ServeryGallery);

/** @param {import("../lib/types.js").Summary} model */
function card(model) {
  return html`
    <li>
      <a href=${hashOf(model.name)}>
        <servery-picture .name=${model.name} .source=${model.picture}></servery-picture>
        <span class="gallery-words">
          <strong>${model.title}</strong>
          <span>${model.summary}</span>
          <small>${taskSaid(model.task)}</small>
        </span>
      </a>
    </li>
  `;
}

function placeholder() {
  return html`<li class="skeleton skeleton-card"><span class="visually-hidden">Loading</span></li>`;
}

/** @param {{name: string, detail: string}[]} broken */
function brokenModels(broken) {
  return html`
    <section class="broken">
      <h2>Cannot be served</h2>
      <dl>
        ${broken.map(({ name, detail }) => html`<div><dt>${name}</dt><dd>${detail}</dd></div>`)}
      </dl>
    </section>
  `;
}
