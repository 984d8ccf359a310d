import * as say from "#words/insight";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

const TWO = 2;

/**
 * Which of several outputs, or of many classes, is explained. Properties in: `facts`, `wanted`
 * (null: the class that was predicted, or the first of several outputs).
 */
export class ServeryOutputMenu extends PageElement {
  static properties = { facts: { attribute: false }, wanted: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Scalar | null} */
    this.wanted = null;
  }

  render() {
    const { facts, wanted } = this;
    const choices = facts ? choicesOf(facts.signature.output) : [];
    if (choices.length === 0) return nothing;
    const choose = (/** @type {Event & {target: HTMLSelectElement}} */ { target }) =>
      this.emit("explain", choices[target.selectedIndex]?.value ?? null);
    return html`
      <select class="of-input" aria-label=${say.whatIsExplained} @change=${choose}>
        ${choices.map(({ value, label }) => html`<option ?selected=${value === wanted}>${label}</option>`)}
      </select>
    `;
  }
}

customElements.define("servery-output-menu", ServeryOutputMenu);

/**
 * Two classes mirror each other, so that they need no menu.
 * @param {import("../lib/types.js").Output} output
 * @returns {{value: import("../lib/types.js").Scalar | null, label: string}[]}
 */
function choicesOf({ outputs, classes = [] }) {
  if (outputs) return outputs.map(({ name, label }) => ({ value: name, label }));
  if (classes.length <= TWO) return [];
  const each = classes.map(({ value = "", label }) => ({ value, label }));
  return [{ value: null, label: say.thisAnswer }, ...each];
}
