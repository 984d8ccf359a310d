import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { hashOf } from "../lib/address.js";
import { batchOf, formatsOf, pasted, recentOf, stageOf } from "./state.js";
import { StateElement } from "../lib/element.js";
import "./servery-batch-drop.js";
import "./servery-batch-progress.js";
import "./servery-batch-recent.js";
import "./servery-batch-result.js";
import "./servery-batch-setup.js";
import "./servery-batch-upload.js";

/** @typedef {import("./state.js").Batch} Batch */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {import("../lib/types.js").Facts} Facts */

/** A file of rows, from the moment it is dropped to its result. Property in: `state`. */
export class ServeryBatch extends StateElement {
  static properties = { ...StateElement.properties, isOver: { state: true } };

  constructor() {
    super();
    /** A file hovers over the panel. */
    this.isOver = false;
    this.leaving = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    // A file that misses the panel by a little must not replace the page.
    document.addEventListener("dragover", (event) => this.#hover(event), { signal });
    document.addEventListener("dragleave", (event) => this.#unhover(event), { signal });
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leaving.abort();
  }

  render() {
    const { state } = this;
    const facts = state?.model.body;
    if (!state || !facts || state.route.page !== "model") return nothing;
    const batch = batchOf(state);
    if (!facts.capabilities.includes("batches")) {
      return html`<p class="notice">${say.noBatches}</p>`;
    }
    return html`
      <section class="batch" aria-labelledby="batch-title" data-over=${this.isOver ? "" : nothing}
        data-status=${stageOf(batch)}>
        ${batch.isAway ? this.#away(batch) : nothing}
        ${refusal(batch)}
        ${stage(facts, batch, formatsOf(state), hashOf({ ...state.route, part: null, draft: state.draft }))}
        ${["empty", "gone"].includes(stageOf(batch)) ? html`<servery-batch-recent .jobs=${recentOf(state)}></servery-batch-recent>` : nothing}
        ${this.isOver ? html`<p class="drop-here" aria-hidden="true"><span>${say.dropTheFileToScore}</span></p>` : nothing}
      </section>
    `;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = /** @type {State | null} */ (changed.get("state"));
    if (!before || !this.state) return;
    // Who pressed a button that is gone goes on at the head of what took its place.
    const isOther = stageOf(batchOf(before)) !== stageOf(batchOf(this.state));
    if (isOther && document.activeElement === document.body) {
      // Its element draws itself after this one.
      requestAnimationFrame(() => this.#begin());
    }
  }

  #begin() {
    const head = this.querySelector("h2");
    if (!head) return;
    head.focus({ preventScroll: true });
    // The page stays still where it is seen that something has changed.
    const { top, bottom } = head.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight / 2) head.scrollIntoView();
  }

  get #takesFiles() {
    return !!this.state && batchOf(this.state).status !== "uploading";
  }

  /** @param {Batch} batch */
  #away({ status, isChanging }) {
    const then =
      status === "uploading" ? say.fileKept : isChanging ? say.choiceKept : say.nothingLost;
    return html`
      <p class="to-act" role="status">
        <span><strong>${say.notResponding}</strong> ${then}</span>
        <button type="button" @click=${() => this.emit("batch", ["retry"])}>${common.tryNow}</button>
      </p>
    `;
  }

  /** @param {DragEvent} event */
  #hover(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.isOver = this.#takesFiles;
  }

  /** @param {DragEvent} event */
  #unhover(event) {
    if (!event.relatedTarget) this.isOver = false;
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const [file, ...others] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.isOver = false;
    if (!this.#takesFiles) return;
    if (others.length > 0) this.emit("batch", ["decline", 1 + others.length]);
    else this.emit("batch", ["upload", { blob: file, name: file.name }]);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (!this.#takesFiles || isTyping(event.target)) return;
    const [file] = event.clipboardData?.files ?? [];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // A spreadsheet puts a picture of its cells beside them.
    if (/[\t\n]/.test(text)) {
      this.emit("batch", ["upload", pasted(text)]);
    } else if (file) this.emit("batch", ["upload", { blob: file, name: file.name }]);
    else return;
    event.preventDefault();
  }
}

customElements.define("servery-batch", ServeryBatch);

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.matches("textarea, input:not([type='file'])");
}

/** @param {Batch} batch */
function refusal({ problem, upload }) {
  if (!problem) return nothing;
  const { title, detail, request_id } = problem;
  // Of one fault the detail says all.
  const errors = problem.errors.filter((each) => each.detail !== detail);
  return html`
    <div class="broken" role="alert">
      <p><strong>${title}</strong></p>
      ${upload && !detail.includes(upload.name) ? html`<p class="small"><bdi>${upload.name}</bdi></p>` : nothing}
      <p>${detail}</p>
      ${errors.length > 0 ? html`<ul class="points">${errors.map((each) => html`<li>${each.detail}</li>`)}</ul>` : nothing}
      ${request_id ? html`<p class="small">${common.request} <code>${request_id}</code></p>` : nothing}
    </div>
  `;
}

/**
 * @param {Facts} facts
 * @param {Batch} batch
 * @param {import("./state.js").TableFormats} formats
 * @param {string} afresh the address that takes another file
 */
function stage(facts, batch, formats, afresh) {
  const { job } = batch;
  const shown = stageOf(batch);
  if (shown === "uploading") {
    return html`<servery-batch-upload .upload=${batch.upload} .isAway=${batch.isAway}></servery-batch-upload>`;
  }
  if (shown === "opening")
    return html`<div class="skeleton skeleton-answer" aria-busy="true"></div>`;
  if (batch.status !== "shown" || !job) {
    return html`<servery-batch-drop .facts=${facts} .batch=${batch} .formats=${formats}></servery-batch-drop>`;
  }
  if (shown === "waiting") {
    return html`<servery-batch-setup .facts=${facts} .batch=${batch} .formats=${formats} .afresh=${afresh}></servery-batch-setup>`;
  }
  if (shown === "read" || shown === "queued" || shown === "running") {
    return html`<servery-batch-progress .job=${job} .isAway=${batch.isAway}></servery-batch-progress>`;
  }
  return html`<servery-batch-result .facts=${facts} .batch=${batch} .formats=${formats} .afresh=${afresh}></servery-batch-result>`;
}
