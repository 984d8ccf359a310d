import * as say from "#words/long";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { typedIn } from "../../lib/draft.js";
import { PageElement } from "../../lib/element.js";
import { fieldOf } from "../servery-form.js";
import { foundIn, isChanged, sectionsOf, sectionsWith, sectionText } from "./sections.js";

/** @typedef {import("./sections.js").Section} Section */
/** @typedef {import("./sections.js").Order} Order */
/** @typedef {import("../../lib/types.js").Input} Input */

/** @type {Record<Order, string>} */
const ORDERS = { importance: say.byImportance, model: say.asInTheModel, name: say.byName };
/** More at once would push each other out of sight. */
const OPENED = 3;
const SHOWN = 25;

/**
 * The inputs of a form that has many, in sections; what is folded is not in the page.
 * Properties in: `form` (which they belong to), `facts`, `draft`, `faults`, `pointed`, `ranks`.
 */
export class ServeryLongForm extends PageElement {
  static properties = {
    form: { attribute: false },
    facts: { attribute: false },
    draft: { attribute: false },
    faults: { attribute: false },
    pointed: { attribute: false },
    ranks: { attribute: false },
    order: { state: true },
    sought: { state: true },
    opened: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../servery-form.js").ServeryForm | null} */
    this.form = null;
    /** @type {import("../../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../../lib/types.js").Draft} */
    this.draft = {};
    /** @type {readonly import("../../lib/types.js").Fault[]} */
    this.faults = [];
    /** @type {string | null} */
    this.pointed = null;
    /** @type {readonly string[] | null} */
    this.ranks = null;
    /** @type {Order | null} */
    this.order = null;
    this.sought = "";
    /** @type {ReadonlySet<string> | null} titles; null before the first is known */
    this.opened = null;
    /** @type {readonly Section[]} */
    this.sections = [];
  }

  get inputs() {
    return this.facts?.signature.inputs ?? [];
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has("facts") || changed.has("ranks") || changed.has("order")) {
      this.order ??= this.ranks ? "importance" : "model";
      this.sections = sectionsOf(this.inputs, this.order, this.ranks);
      this.opened = new Set(this.sections.slice(0, 1).map(({ title }) => title));
      this.#open((input) => isChanged(input, this.draft));
    } else if (changed.has("draft")) {
      const before = changed.get("draft") ?? {};
      // While an address is read, what it left out is blank for a moment.
      const isNew = (/** @type {Input} */ input) => {
        const typed = typedIn(this.draft, input.name);
        return typed && typed !== typedIn(before, input.name) && isChanged(input, this.draft);
      };
      this.#open((input) => Boolean(isNew(input)));
    }
    if (!changed.has("faults") || this.faults.length === 0) return;
    const names = new Set(this.faults.map(({ input }) => input));
    if (this.form?.submitted) this.sought = "";
    this.#open((input) => names.has(input.name), Infinity);
  }

  /**
   * @param {(input: Input) => boolean} concerns what must be in sight
   * @param {number} [most]
   */
  #open(concerns, most = OPENED) {
    const titles = sectionsWith(this.sections, concerns);
    if (titles.length <= most) this.opened = new Set([...(this.opened ?? []), ...titles]);
  }

  /** @param {string} name of an input that is to be in the page */
  async reveal(name) {
    this.sought = "";
    this.#open((input) => input.name === name);
    await this.updateComplete;
    await new Promise(requestAnimationFrame);
  }

  render() {
    const { inputs, sought } = this;
    return html`
      ${this.#tools()}
      ${
        sought.trim()
          ? this.#found()
          : repeat(
              this.sections,
              ({ title }) => title,
              (section) => this.#section(section),
            )
      }
      <p class="visually-hidden" role="status">${sought.trim() ? foundText(foundIn(inputs, sought).length, inputs.length) : ""}</p>
    `;
  }

  #tools() {
    const orders = Object.entries(ORDERS).filter(([order]) => order !== "importance" || this.ranks);
    return html`
      <div class="long-tools">
        <input type="search" aria-label=${say.filterInputs} placeholder=${say.filterSome(this.inputs.length)}
          autocomplete="off" spellcheck="false" .value=${this.sought} @input=${this.#seek} @keydown=${this.#enter} />
        <select aria-label=${say.orderOfTheInputs} @change=${this.#reorder}>
          ${orders.map(([order, title]) => html`<option value=${order} ?selected=${order === this.order}>${title}</option>`)}
        </select>
      </div>
    `;
  }

  /** @param {Event & {currentTarget: HTMLInputElement}} event */
  #seek(event) {
    this.sought = event.currentTarget.value;
  }

  /** @param {Event & {currentTarget: HTMLSelectElement}} event */
  #reorder(event) {
    this.order = /** @type {Order} */ (event.currentTarget.value);
  }

  /**
   * Enter goes to the first input that was found, and does not ask.
   * @param {KeyboardEvent} event
   */
  #enter(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    /** @type {HTMLElement | null} */
    const first = this.querySelector(
      "servery-field :is(input:not([type=range], [type=checkbox]), select, textarea)",
    );
    first?.focus();
  }

  #found() {
    const found = foundIn(this.inputs, this.sought);
    const more = found.length - SHOWN;
    return html`
      <p class="small">${foundText(found.length, this.inputs.length)}</p>
      ${this.#fields(found.slice(0, SHOWN))}
      ${more > 0 ? html`<p class="small">${say.typeMore(more)}</p>` : nothing}
    `;
  }

  /** @param {Section} section */
  #section(section) {
    const { title, placed } = section;
    const isOpen = this.opened?.has(title) ?? false;
    const faulty = placed.filter(({ input }) =>
      this.faults.some((fault) => fault.input === input.name),
    );
    return html`
      <details class="section" ?open=${isOpen} @toggle=${(/** @type {Event} */ event) => this.#toggled(title, event)}>
        <summary>
          <span>${title}</span>
          <small data-changed=${placed.some(({ input }) => isChanged(input, this.draft)) ? "" : nothing}>
            ${faulty.length > 0 ? html`<span class="fault">${say.toFix(faulty.length)} </span>` : nothing}${sectionText(section, this.draft)}
          </small>
        </summary>
        ${isOpen ? html`<div class="section-fields">${this.#fields(placed)}</div>` : nothing}
      </details>
    `;
  }

  /**
   * @param {string} title
   * @param {Event} event
   */
  #toggled(title, { target }) {
    const { open } = /** @type {HTMLDetailsElement} */ (target);
    if (open === this.opened?.has(title)) return;
    const others = [...(this.opened ?? [])].filter((each) => each !== title);
    this.opened = new Set(open ? [...others, title] : others);
  }

  /** @param {readonly import("./sections.js").Placed[]} placed */
  #fields(placed) {
    const { form } = this;
    if (!form) return nothing;
    return repeat(
      placed,
      ({ input }) => input.name,
      ({ input, at }) => fieldOf(form, input, at),
    );
  }
}

customElements.define("servery-long-form", ServeryLongForm);

/**
 * @param {number} found
 * @param {number} all
 */
function foundText(found, all) {
  return found === 0 ? say.noInputMatches : say.foundInputs(found, all);
}
