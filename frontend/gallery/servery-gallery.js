import * as common from "#words/common";
import * as say from "#words/gallery";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { hashOf } from "../lib/address.js";
import { PageElement } from "../lib/element.js";
import { countText, isSought } from "./search.js";
import { brokenText, factsText, taskText } from "./words.js";
import "./servery-picture.js";
import "./gallery.css";

/** @typedef {import("../lib/types.js").Broken} Broken */

/** From so many models on, there is a box to search them. */
const MANY = 10;

/** Every model that can be asked. Property in: `gallery`. */
export class ServeryGallery extends PageElement {
  static properties = { gallery: { attribute: false }, sought: { state: true } };

  constructor() {
    super();
    /** @type {import("./state.js").Gallery | null} */
    this.gallery = null;
    this.sought = "";
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
    const hasSearch = models.length >= MANY;
    const shown = hasSearch ? models.filter((model) => isSought(model, this.sought)) : models;
    return html`
      <div class="intro">
        <h1>${say.askAModel}</h1>
        <p>${say.galleryLead}</p>
      </div>
      ${hasSearch ? this.#search(shown.length, models.length) : nothing}
      <ul class="gallery" aria-busy=${gallery.body ? "false" : "true"}>
        ${gallery.body ? tiles({ models: shown, broken }, gallery.arrived) : [1, 2, 3, 4, 5, 6].map(placeholder)}
      </ul>
      ${wholly.length > 0 ? brokenModels(wholly) : nothing}
    `;
  }

  /**
   * @param {number} shown
   * @param {number} all
   */
  #search(shown, all) {
    const seek = (/** @type {Event & {currentTarget: HTMLInputElement}} */ event) => {
      this.sought = event.currentTarget.value;
    };
    return html`
      <search class="gallery-search">
        <label for="gallery-search">${say.searchModels}</label>
        <input id="gallery-search" type="search" autocomplete="off" .value=${this.sought} @input=${seek} />
        <p role="status">${countText(shown, all, this.sought)}</p>
      </search>
    `;
  }
}

customElements.define("servery-gallery", ServeryGallery);

/**
 * @param {import("../lib/types.js").ModelList} list
 * @param {readonly string[]} arrived
 */
function tiles({ models, broken }, arrived) {
  return html`
    ${repeat(
      models,
      (model) => model.name,
      (model) => {
        const ofModel = broken.find(({ name }) => name === model.name);
        return tile(model, ofModel, arrived.includes(model.name));
      },
    )}
    <li class="add"><a href="#/add"><strong>${common.addYourModel}</strong><span>${say.oneCommand}</span></a></li>
  `;
}

/**
 * @param {import("../lib/types.js").Summary} model
 * @param {Broken | undefined} broken another version of it
 * @param {boolean} isNew
 */
function tile(model, broken, isNew) {
  return html`
    <li data-new=${isNew ? "" : nothing}>
      <a href=${hashOf({ name: model.name })}>
        ${model.picture || model.spread.length > 0 ? html`<servery-picture .source=${model.picture} .spread=${model.spread}></servery-picture>` : nothing}
        <span class="gallery-words">
          <strong>${model.title}${isNew ? html` <mark>${say.newModel}</mark>` : nothing}</strong>
          <span>${model.summary}</span>
          <small>${taskText(model.task)} <span>${factsText(model)}</span></small>
        </span>
      </a>
      ${
        broken
          ? html`<details class="unserved"><summary>${brokenText(model, broken)}</summary><p>${broken.detail}</p></details>`
          : nothing
      }
    </li>
  `;
}

function placeholder() {
  return html`<li class="skeleton skeleton-card"><span class="visually-hidden">${say.loading}</span></li>`;
}

/** @param {Broken[]} broken */
function brokenModels(broken) {
  return html`
    <section class="broken">
      <h2>${say.cannotBeServed}</h2>
      <dl>
        ${broken.map(({ name, detail }) => html`<div><dt>${name}</dt><dd>${detail}</dd></div>`)}
      </dl>
    </section>
  `;
}
