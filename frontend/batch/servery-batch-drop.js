import * as say from "#words/batch";
import { html, nothing } from "lit";
import { pasted } from "./state.js";
import { typeOf } from "../inputs/types.js";
import { PageElement } from "../lib/element.js";
import { quantity } from "../lib/format.js";
import { extensionsText, formatsText } from "./words.js";
import { download } from "./template.js";
import "./servery-batch-choose.js";

/** @typedef {import("./state.js").Batch} Batch */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */

/**
 * Where a file goes in: dropped, chosen or pasted; and what it should hold.
 * Properties in: `facts`, `batch`, `formats`. Emits: `servery:batch`.
 */
export class ServeryBatchDrop extends PageElement {
  static properties = {
    facts: { attribute: false },
    batch: { attribute: false },
    formats: { attribute: false },
    typed: { state: true },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Batch | null} */
    this.batch = null;
    /** @type {import("./state.js").TableFormats | null} */
    this.formats = null;
    /** Cells that were typed, or pasted by a keyboard that does not say so. */
    this.typed = "";
  }

  render() {
    const { facts, batch, formats } = this;
    if (!facts || !batch || !formats) return nothing;
    return html`
      ${notice(batch)}
      <div class="drop">
        ${sheet()}
        <h2 id="batch-title" tabindex="-1">${say.scoreAWholeFile}</h2>
        <p>${say.dropLead}</p>
        <servery-batch-choose .words=${say.chooseAFile} .accept=${extensionsText(formats)}></servery-batch-choose>
        <p class="small">${formatsText(formats) || html`&nbsp;`}</p>
        <label class="paste-cells">
          <span>${say.orPaste}</span>
          <textarea rows="1" placeholder=${say.pasteHere} .value=${this.typed}
            @input=${this.#type} @paste=${this.#paste} @keydown=${this.#press}></textarea>
        </label>
        ${this.typed.trim() ? html`<button type="button" @click=${() => this.#send(this.typed)}>${say.scoreTheseCells}</button>` : nothing}
      </div>
      ${this.#columns(facts)}
    `;
  }

  /** @param {Facts} facts */
  #columns(facts) {
    const { inputs } = facts.signature;
    const example = facts.examples[0]?.inputs ?? {};
    return html`
      <figure class="card expected">
        <figcaption>
          <h3>${say.expectedColumns}</h3>
          <p class="help">${say.columnsLead}</p>
          <button type="button" @click=${() => download(facts)}>${say.downloadATemplate}</button>
        </figcaption>
        <div class="scroll" tabindex="0" role="region" aria-label=${say.expectedColumns}>
          <table>
            <thead>
              <tr><th scope="col">${say.column}</th><th scope="col">${say.type}</th><th scope="col">${say.example}</th></tr>
            </thead>
            <tbody>
              ${inputs.map(
                (input) => html`
                  <tr>
                    <th scope="row"><code>${breakable(input.name)}</code></th>
                    <td>${typeOf(input).title}${input.unit ? html` <span class="help">${input.unit}</span>` : nothing}${input.missing_allowed ? html` <span class="help">${say.mayBeEmpty}</span>` : nothing}</td>
                    <td>${suchAs(input, example[input.name])}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </figure>
    `;
  }

  /** @param {Event} event */
  #type(event) {
    this.typed = /** @type {HTMLTextAreaElement} */ (event.target).value;
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text.trim()) return;
    event.preventDefault();
    this.#send(text);
  }

  /** @param {KeyboardEvent} event Enter sends what was typed instead */
  #press(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !this.typed.trim()) return;
    event.preventDefault();
    this.#send(this.typed);
  }

  /** @param {string} text */
  #send(text) {
    this.emit("batch", ["upload", pasted(text)]);
  }
}

customElements.define("servery-batch-drop", ServeryBatchDrop);

/**
 * @param {Input} input
 * @param {import("../lib/types.js").Scalar | null | undefined} example
 */
function suchAs(input, example) {
  const value = example ?? input.typical ?? input.categories?.[0]?.value;
  if (value === null || value === undefined) return html`<span class="help">–</span>`;
  const text =
    typeof value === "number" ? quantity(value, null).replaceAll(",", "") : String(value);
  return html`<span class="such">${text}</span>`;
}

/**
 * @param {string} name
 * @returns {unknown[]} that may go on in the next line behind a mark, not within a word
 */
function breakable(name) {
  return name.split(/(?<=[^\p{L}\p{N}])(?=[\p{L}\p{N}])/u).map((part) => html`${part}<wbr />`);
}

/** @param {Batch} batch */
function notice({ status, job }) {
  if (status === "cancelled") {
    const name = job && html`<bdi>${job.file.name}</bdi>`;
    return html`<p class="notice">${say.deletedText(name)}</p>`;
  }
  if (status === "gone") {
    return html`
      <div class="notice" role="alert">
        <strong>${say.jobGone}</strong>
        ${say.jobGoneText}
      </div>
    `;
  }
  return nothing;
}

/** A sheet whose last column is filled by the model. */
function sheet() {
  return html`<svg class="sheet" viewBox="0 0 120 76" aria-hidden="true">
    <rect class="page" x="1" y="1" width="118" height="74" rx="7" />
    <path class="rules" d="M1 20h118M1 38.5h118M1 57h118M42 1v74M80 1v74" />
    <rect class="cells" x="8" y="7.500" width="26" height="6" rx="3" />
    <rect class="cells" x="48" y="7.500" width="24" height="6" rx="3" />
    <rect class="filled" x="86" y="7.500" width="26" height="6" rx="3" />
    <rect class="faint" x="8" y="26.500" width="18" height="5" rx="2.500" />
    <rect class="faint" x="48" y="26.500" width="22" height="5" rx="2.500" />
    <rect class="filled" x="86" y="26.500" width="18" height="5" rx="2.500" />
    <rect class="faint" x="8" y="45" width="24" height="5" rx="2.500" />
    <rect class="faint" x="48" y="45" width="14" height="5" rx="2.500" />
    <rect class="filled" x="86" y="45" width="24" height="5" rx="2.500" />
    <rect class="faint" x="8" y="63.500" width="20" height="5" rx="2.500" />
    <rect class="faint" x="48" y="63.500" width="19" height="5" rx="2.500" />
    <rect class="filled" x="86" y="63.500" width="13" height="5" rx="2.500" />
  </svg>`;
}
