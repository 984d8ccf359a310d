import * as say from "#words/batch";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { lacking } from "./state.js";
import { PageElement } from "../lib/element.js";

/** @typedef {import("./state.js").Columns} Columns */
/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */

const MOST_EXTRA = 12;
/** Of more inputs, only those without a column are shown before they are asked for. */
const MOST_MATCHES = 24;

/** Which column holds which input. Properties in: `facts`, `job`. Emits: `servery:batch`. */
export class ServeryBatchMatch extends PageElement {
  static properties = {
    facts: { attribute: false },
    job: { attribute: false },
    isOpen: { state: true },
    full: { state: true },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Job | null} */
    this.job = null;
    /** All of very many inputs are wanted. */
    this.isOpen = false;
    /** The input of very many whose menu has all columns: somebody is at it. */
    this.full = "";
    /** @type {{input: string, columns: Columns} | null} as they were when somebody came to a menu */
    this.held = null;
    /** Names of inputs that had no column: who has chosen one still sees which. */
    this.lacked = new Set();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {Job | null | undefined} */ (changed.get("job"));
    if (!changed.has("job") || !this.facts || !this.job) return;
    if (before?.header.join("\n") !== this.job.header.join("\n")) {
      this.lacked.clear();
      this.held = null;
    }
    for (const { name } of lacking(this.facts, this.job)) this.lacked.add(name);
  }

  render() {
    const { facts, job } = this;
    if (!facts || !job) return nothing;
    const { inputs } = facts.signature;
    const found = inputs.length - lacking(facts, job).length;
    const first = this.#first(inputs);
    return html`
      <section class="card">
        <div class="card-head">
          <h3>${say.columns}</h3>
          <p class="help">${foundText(found, inputs.length)}</p>
        </div>
        ${this.#matches(first, job, () => true)}
        ${first.length < inputs.length ? this.#others(inputs, first, job) : nothing}
        ${extra(job)}
      </section>
    `;
  }

  /**
   * @param {Input[]} inputs
   * @returns {Input[]} that are shown in any case
   */
  #first(inputs) {
    if (inputs.length <= MOST_MATCHES) return inputs;
    let left = MOST_MATCHES;
    return inputs.filter(({ name }) => {
      if (!this.lacked.has(name)) return false;
      return this.job?.columns[name] ? true : left-- > 0;
    });
  }

  /**
   * @param {Input[]} inputs
   * @param {Job} job
   * @param {(input: Input) => boolean} isFull whose menu has all columns
   */
  #matches(inputs, job, isFull) {
    if (inputs.length === 0) return nothing;
    const items = repeat(
      inputs,
      (input) => input.name,
      (input) => this.#match(input, job, isFull(input)),
    );
    return html`<ul class="matches">${items}</ul>`;
  }

  /**
   * Very many menus of very many columns take long to make: each is when somebody comes to it.
   * @param {Input[]} inputs
   * @param {Input[]} first
   * @param {Job} job
   */
  #others(inputs, first, job) {
    const others = inputs.filter((input) => !first.includes(input));
    return html`
      <details class="others" @toggle=${(/** @type {Event} */ event) => (this.isOpen = /** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>${first.length > 0 ? say.theOtherInputs(others.length) : say.allInputs(others.length)}</summary>
        ${this.isOpen ? this.#matches(others, job, ({ name }) => name === this.full) : nothing}
      </details>
    `;
  }

  /**
   * @param {Input} input
   * @param {Job} job
   * @param {boolean} isFull
   */
  #match(input, job, isFull) {
    const chosen = job.columns[input.name] ?? null;
    const isLacking = chosen === null && !input.missing_allowed;
    const none = input.missing_allowed ? say.none : say.choose;
    const id = `column-${this.facts?.signature.inputs.indexOf(input)}`;
    const first = chosen === null ? "" : firstOf(job, chosen);
    return html`
      <li data-state=${isLacking ? "lacking" : chosen === null ? "none" : "found"}>
        <label for=${id}>${input.label}</label>
        <select id=${id} aria-invalid=${isLacking ? "true" : nothing} aria-describedby="${id}-first"
          @pointerdown=${() => this.#fill(input)} @focus=${() => this.#begin(input)}
          @change=${(/** @type {Event} */ event) => this.#choose(input, event)}>
          <option value="" .selected=${chosen === null}>${none}</option>
          ${job.header.map((column, at) => (isFull || column === chosen ? html`<option value=${at} .selected=${column === chosen}>${column}</option>` : nothing))}
        </select>
        <span class="first" id="${id}-first">${isLacking ? say.noColumnFound : chosen === null ? say.notKnownInAnyRow : first ? html`<bdi>${first}</bdi>` : say.emptyInTheFirstRows}</span>
      </li>
    `;
  }

  /** @param {Input} input */
  #fill({ name }) {
    this.full = name;
  }

  /** @param {Input} input */
  #begin(input) {
    this.#fill(input);
    this.held = this.job && { input: input.name, columns: this.job.columns };
  }

  /**
   * By the keys a menu is gone through: what is only passed by stays with its own input.
   * @param {Input} input
   * @param {Event} event
   */
  #choose(input, event) {
    const { name } = input;
    if (this.held?.input !== name) this.#begin(input);
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    const column = value === "" ? null : (this.job?.header[Number(value)] ?? null);
    this.emit("batch", ["match", { input: name, column, before: this.held?.columns ?? null }]);
  }
}

customElements.define("servery-batch-match", ServeryBatchMatch);

/**
 * @param {number} found
 * @param {number} wanted
 */
function foundText(found, wanted) {
  if (found < wanted) return say.someHaveColumns(found, wanted);
  if (wanted === 2) return say.bothInputsHaveAColumn;
  return wanted === 1 ? say.theInputHasAColumn : say.allHaveColumns(wanted);
}

/**
 * @param {Job} job
 * @param {string} column
 * @returns {string} its first value
 */
function firstOf({ header, preview }, column) {
  const at = header.indexOf(column);
  const cells = preview?.rows.map((row) => row.cells[at]) ?? [];
  return cells.find((cell) => cell) ?? "";
}

/** @param {Job} job */
function extra({ extra: columns }) {
  if (columns.length === 0) return nothing;
  const shown = columns.slice(0, MOST_EXTRA);
  const rest = columns.length - shown.length;
  return html`
    <div class="kept">
      <span class="help">${say.keptAsTheyAre}</span>
      <ul>
        ${shown.map((name) => html`<li title=${name}><bdi>${name}</bdi></li>`)}
        ${rest > 0 ? html`<li>${say.andMore(rest)}</li>` : nothing}
      </ul>
    </div>
  `;
}
