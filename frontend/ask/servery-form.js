import * as common from "#words/common";
import * as say from "#words/ask";
import { html, nothing } from "lit";
import { draftOf } from "../inputs/instance.js";
import { isLong, isSame, typedIn } from "../lib/draft.js";
import { PageElement } from "../lib/element.js";
import "../inputs/servery-field.js";
import { loadRest } from "./needs.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Fault} Fault */

/**
 * The inputs of a model, from its signature alone.
 * Properties in: `facts`, `draft`, `faults`, `submitted` (the first fault gets the focus), `notice`,
 * `undoable` (the notice is about what "Undo" takes back), `history`, `pointed` (the input to mark), `ranks` (the names of
 * a long form's inputs, the most important first; null where nobody knows).
 */
export class ServeryForm extends PageElement {
  static properties = {
    facts: { attribute: false },
    draft: { attribute: false },
    faults: { attribute: false },
    submitted: { attribute: false },
    notice: { attribute: false },
    undoable: { attribute: false },
    history: { attribute: false },
    pointed: { attribute: false },
    ranks: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Draft} */
    this.draft = {};
    /** @type {readonly Fault[]} */
    this.faults = [];
    this.submitted = false;
    this.notice = "";
    this.undoable = false;
    /** @type {import("../history/state.js").History | null} */
    this.history = null;
    /** @type {string | null} */
    this.pointed = null;
    /** @type {readonly string[] | null} */
    this.ranks = null;
  }

  render() {
    const facts = this.facts;
    if (!facts) return nothing;
    return html`
      <form aria-label=${common.inputs} novalidate @submit=${this.#submit}>
        <div class="starts">${this.#chips(facts)} ${this.#pasteBox(facts)}</div>
        ${facts.notes.length > 0 ? html`<servery-notes .notes=${facts.notes}></servery-notes>` : nothing}
        ${this.notice ? this.#notice(this.notice) : nothing}
        ${faultsOfNoField(this.faults, facts)}
        ${
          isLong(facts.signature.inputs)
            ? html`<servery-long-form .form=${this} .facts=${facts} .draft=${this.draft} .faults=${this.faults}
                .pointed=${this.pointed} .ranks=${this.ranks}></servery-long-form>`
            : facts.signature.inputs.map((input, at) => fieldOf(this, input, at))
        }
        <div class="actions form-actions">
          <button class="primary">${common.ask}</button>
          <servery-history .facts=${facts} .history=${this.history}></servery-history>
        </div>
      </form>
    `;
  }

  /** @param {string} words */
  #notice(words) {
    return html`
      <div class="notice">
        <span>${words}</span>
        ${this.undoable ? html`<button type="button" @click=${() => this.emit("undo")}>${common.undo}</button>` : nothing}
      </div>
    `;
  }

  /** @param {Facts} facts */
  #chips({ examples, signature: { inputs } }) {
    const hasTypical = inputs.every((input) => input.typical !== null || input.missing_allowed);
    const typical = Object.fromEntries(inputs.map((input) => [input.name, input.typical]));
    return html`
      <div class="chips" role="group" aria-label=${say.examples}>
        ${examples.map((each) => this.#chip(each.title, draftOf(inputs, each.inputs)))}
        ${hasTypical ? this.#chip(say.typical, draftOf(inputs, typical), "plain") : nothing}
        <button type="button" class="chip" data-kind="plain" @click=${() => this.emit("fill", { draft: {} })}>
          ${say.clear}
        </button>
      </div>
    `;
  }

  /**
   * @param {string} title
   * @param {Draft} draft
   * @param {string} [kind]
   */
  #chip(title, draft, kind) {
    return html`
      <button type="button" class="chip" data-kind=${kind ?? nothing}
        aria-pressed=${isSame(draft, this.draft)} @click=${() => this.emit("fill", { draft })}>
        ${title}
      </button>
    `;
  }

  /** @param {Facts} facts */
  #pasteBox({ signature: { inputs } }) {
    return html`
      <details class="paste" @toggle=${loadRest}>
        <summary>${say.pasteARow}</summary>
        <servery-paste .inputs=${inputs} .draft=${this.draft}></servery-paste>
      </details>
    `;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    this.emit("ask");
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("faults") || !this.submitted || this.faults.length === 0) return;
    // The fields render after this form: their marks are there one turn later.
    requestAnimationFrame(() => focusFirstFault(this));
  }
}

customElements.define("servery-form", ServeryForm);

/**
 * @param {Pick<ServeryForm, "draft" | "faults" | "pointed" | "emit">} form
 * @param {import("../lib/types.js").Input} input
 * @param {number} at its place in the signature
 */
export function fieldOf(form, input, at) {
  return html`
    <servery-field .input=${input} .at=${at} data-pointed=${input.name === form.pointed ? "" : nothing}
      @focusin=${() => form.emit("choose", input.name)} .typed=${typedIn(form.draft, input.name)}
      .fault=${form.faults.find((fault) => fault.input === input.name) ?? null}></servery-field>
  `;
}

/**
 * @param {import("../shell/state.js").State} state
 * @param {Facts} facts
 * @returns {unknown} the form of a model, as the state has it
 */
export function formOf({ draft, answer, notice, undoable, pointed, panels }, facts) {
  return html`<servery-form .facts=${facts} .draft=${draft} .faults=${answer.faults}
    .submitted=${answer.submitted} .notice=${notice} .undoable=${undoable} .history=${panels.history} .pointed=${pointed} .ranks=${panels.ranks ?? null}></servery-form>`;
}

/** @param {HTMLElement} form */
function focusFirstFault(form) {
  const first = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid=true]"));
  const control = first?.querySelector("input") ?? first;
  control?.focus();
}

/**
 * @param {readonly Fault[]} faults
 * @param {Facts} facts
 */
function faultsOfNoField(faults, facts) {
  const names = new Set(facts.signature.inputs.map((input) => input.name));
  const others = faults.filter((fault) => !fault.input || !names.has(fault.input));
  if (others.length === 0) return nothing;
  return html`<ul class="faults">${others.map((fault) => html`<li>${fault.detail}</li>`)}</ul>`;
}
