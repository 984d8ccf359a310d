import * as say from "#words/batch";
import { html, nothing } from "lit";
import { detailText, readingOption, readingText, textsOf, textsText } from "./words.js";
import { lacking } from "./state.js";
import { typeOf } from "../inputs/types.js";
import { PageElement } from "../lib/element.js";

/** @typedef {import("./state.js").Batch} Batch */
/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("../lib/types.js").Reading} Reading */
/** @typedef {import("../lib/types.js").TableFormats} TableFormats */
/** @typedef {import("../lib/types.js").Facts} Facts */

/** What is always found, so that there is nothing to go back to. */
const FOUND = new Set(["delimiter", "encoding", "sheet"]);
/** So many inputs without a column are named one by one. */
const MOST_LACKING = 5;

/**
 * How the file is read, and questions that only a person can answer.
 * Properties in: `facts`, `batch`, `formats`. Emits: `servery:batch`.
 */
export class ServeryBatchReading extends PageElement {
  static properties = {
    facts: { attribute: false },
    batch: { attribute: false },
    formats: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Batch | null} */
    this.batch = null;
    /** @type {import("./state.js").TableFormats | null} */
    this.formats = null;
  }

  render() {
    const { facts, batch, formats } = this;
    const job = batch?.job;
    if (!facts || !batch || !job || !formats) return nothing;
    const options = optionsOf(facts, batch, job, formats);
    const hasOptions = options.length > 0 || job.header.length > 0;
    return html`
      ${
        hasOptions
          ? html`<details class="reading" ?open=${isUnread(job)}>
              <summary>${say.howTheFileIsRead}</summary>
              <div class="options">
                ${options.map((option) => this.#option(option, batch, job, formats))}
                ${job.header.length > 0 ? this.#missing(job, batch.unfit, formats) : nothing}
              </div>
            </details>`
          : nothing
      }
      ${this.#problem(facts, job, formats, hasOptions)}
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Job} job
   * @param {TableFormats} formats
   * @param {boolean} hasOptions
   */
  #problem(facts, job, formats, hasOptions) {
    const { problem, header } = job;
    if (!problem) return nothing;
    const { option, values, title } = problem;
    if (!option) {
      return html`
        <div class=${header.length > 0 ? "to-settle" : "broken"} role="alert">
          <h3>${title}</h3>
          <p>${isStrange(facts, job) ? say.noColumnNamed : (lackingText(facts, job) ?? detailText(facts, problem))}</p>
          ${isUnread(job) ? (hasOptions ? html`<p>${say.chooseReading}</p>` : nothing) : this.#without(facts, job)}
        </div>
      `;
    }
    return html`
      <fieldset class="to-settle">
        <legend>${readingOption(formats, option).question || title}</legend>
        <p>${detailText(facts, problem)}</p>
        <div class="chips">
          ${values.map(
            (value) =>
              html`<button type="button" @click=${() => this.#read(option, value)}>${readingText(formats, option, value)}</button>`,
          )}
        </div>
      </fieldset>
    `;
  }

  /**
   * What may be missing is never taken for missing without being asked.
   * @param {Facts} facts
   * @param {Job} job
   */
  #without(facts, job) {
    const absent = lacking(facts, job);
    if (absent.length === 0 || absent.some((input) => !input.missing_allowed)) return nothing;
    const names = absent.map((input) => input.label).join(", ");
    return html`
      <p>${say.worksWithout(names)}</p>
      <div class="chips">
        <button type="button" @click=${() => this.emit("batch", ["change", { columns: job.columns }])}>${say.continueWithout}</button>
      </div>
    `;
  }

  /**
   * @param {keyof Reading} name
   * @param {Batch} batch
   * @param {Job} job
   * @param {TableFormats} formats
   */
  #option(name, batch, job, formats) {
    const { title, choices } = readingOption(formats, name);
    const found = `${job.reading[name] ?? ""}`;
    const known = name === "sheet" ? batch.sheets : choices.map(({ value }) => value);
    const values = found && !known.includes(found) ? [found, ...known] : known;
    return html`
      <label>${title}
        <select @change=${(/** @type {Event} */ event) => this.#read(name, /** @type {HTMLSelectElement} */ (event.target).value)}>
          <option value="" .selected=${!found} ?hidden=${!!found && FOUND.has(name)}>${say.detect}</option>
          ${values.map((value) => html`<option value=${value} .selected=${value === found}>${readingText(formats, name, value)}</option>`)}
        </select>
      </label>
    `;
  }

  /**
   * Texts that mean no value, beside empty cells; any format may have some.
   * @param {Job} job
   * @param {readonly string[] | null} unfit
   * @param {TableFormats} formats
   */
  #missing({ reading }, unfit, formats) {
    return html`
      <label>${readingOption(formats, "missing").title}
        <input autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=${say.missingPlaceholder}
          .value=${textsText(unfit ?? reading.missing)} aria-invalid=${unfit ? "true" : nothing}
          @change=${(/** @type {Event} */ event) => {
            const missing = textsOf(/** @type {HTMLInputElement} */ (event.target).value);
            this.emit("batch", ["change", { reading: { missing } }]);
          }} />
      </label>
    `;
  }

  /**
   * @param {string} option
   * @param {string} value
   */
  #read(option, value) {
    this.emit("batch", ["change", { reading: { [option]: value || null } }]);
  }
}

customElements.define("servery-batch-reading", ServeryBatchReading);

/**
 * Where no column fits, to say so of each input says less.
 * @param {Facts} facts
 * @param {Job} job
 */
function isStrange({ signature }, { problem, header }) {
  const names = new Set(signature.inputs.map((input) => plain(input.name)));
  const isAny = header.some((column) => names.has(plain(column)));
  return problem?.code === "unmatched-columns" && names.size > 1 && !isAny;
}

/**
 * Of many inputs, to say it of each says less than the menus below.
 * @param {Facts} facts
 * @param {Job} job
 */
function lackingText(facts, job) {
  const { length } = lacking(facts, job);
  if (job.problem?.code !== "unmatched-columns" || length <= MOST_LACKING) return null;
  const all = facts.signature.inputs.length;
  return say.withoutColumn(length, all);
}

/** @param {string} name */
function plain(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** @param {Job} job */
function isUnread({ header, problem }) {
  return header.length === 0 && !problem?.option;
}

/**
 * @param {Facts} facts
 * @param {Batch} batch
 * @param {Job} job
 * @param {TableFormats} formats
 * @returns {(keyof Reading)[]} what can be chosen of a file of its format, for such inputs
 */
function optionsOf({ signature }, { sheets }, { file, reading, problem }, formats) {
  const known = formats.formats.find((each) => each.name === file.format)?.options ?? [];
  /** @type {Set<string>} */
  const asked = new Set(signature.inputs.flatMap((input) => typeOf(input).readingOptions));
  // Where the sheet is the question itself, it is answered there.
  const hasSheets = (sheets.length > 0 || !!reading.sheet) && problem?.option !== "sheet";
  const offered = formats.reading.filter(({ name, choices, is_of_values }) => {
    if (!known.includes(name)) return false;
    if (name === "sheet") return hasSheets;
    return choices.length > 0 && (!is_of_values || asked.has(name));
  });
  return /** @type {(keyof Reading)[]} */ (offered.map(({ name }) => name));
}
