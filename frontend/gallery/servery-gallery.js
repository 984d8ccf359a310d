import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { hashOf } from "../lib/address.js";
import { PageElement } from "../lib/element.js";
import { taskSaid, troubleSaid } from "../ask/words.js";
import "../shell/servery-picture.js";
import "../shell/servery-problem.js";

/** @typedef {import("../lib/types.js").Broken} Broken */

/** Every model that can be asked. Properties in: `gallery`, `arrived` (names of new ones). */
export class ServeryGallery extends PageElement {
  static properties = { gallery: { attribute: false }, arrived: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../shell/state.js").State["gallery"] | null} */
    this.gallery = null;
    /** @type {readonly string[]} */
    this.arrived = [];
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
    const names = new Set(models.map((model) => model.name));
    const wholly = broken.filter(({ name }) => !names.has(name));
    return html`
      <div class="intro">
        <h1>Ask a model</h1>
        <p>Choose one, change what it is given, and watch its answer follow.</p>
      </div>
      <ul class="gallery" aria-busy=${gallery.body ? "false" : "true"}>
        ${gallery.body ? this.#tiles(gallery.body) : [1, 2, 3, 4, 5, 6].map(placeholder)}
      </ul>
      ${wholly.length > 0 ? brokenModels(wholly) : nothing}
    `;
  }

  /** @param {import("../lib/types.js").ModelList} list */
  #tiles({ models, broken }) {
    return html`
      ${repeat(
        models,
        (model) => model.name,
        (model) => {
          const trouble = broken.find(({ name }) => name === model.name);
          return tile(model, trouble, this.arrived.includes(model.name));
        },
      )}
      <li class="add"><a href="#/add"><strong>Add your model</strong><span>Two commands bring it here.</span></a></li>
    `;
  }
}

customElements.define("servery-gallery", ServeryGallery);

/**
 * @param {import("../lib/types.js").Summary} model
 * @param {Broken | undefined} trouble with another version of it
 * @param {boolean} isNew
 */
function tile(model, trouble, isNew) {
  return html`
    <li data-new=${isNew ? "" : nothing}>
      <a href=${hashOf({ name: model.name })}>
        <servery-picture .name=${model.name} .source=${model.picture}></servery-picture>
        <span class="gallery-words">
          <strong>${model.title}${isNew ? html` <mark>New</mark>` : nothing}</strong>
          <span>${model.summary}</span>
          <small>${taskSaid(model.task)}</small>
        </span>
      </a>
      ${
        trouble
          ? html`<details class="trouble"><summary>${troubleSaid(model, trouble)}</summary><p>${trouble.detail}</p></details>`
          : nothing
      }
    </li>
  `;
}

function placeholder() {
  return html`<li class="skeleton skeleton-card"><span class="visually-hidden">Loading</span></li>`;
}

/** @param {Broken[]} broken */
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
