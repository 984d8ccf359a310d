import * as common from "#words/common";
import * as say from "#words/history";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { stepText } from "./words.js";

/** What the browser itself undoes what is typed in. */
const TEXT_BOX = "textarea, input:not([type=range], [type=checkbox], [type=radio])";

/**
 * Back through the changes of a form, by buttons and keys. Properties in: `facts`, `history`.
 * Emits: `servery:undo`, `servery:redo`, and `servery:complete` once a value is.
 */
export class ServeryHistory extends PageElement {
  static properties = { facts: { attribute: false }, history: { attribute: false } };

  /** @type {EventTarget | null} the box in which something was typed since it got the focus */
  #edited = null;

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("./state.js").History | null} */
    this.history = null;
    this.connection = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    this.connection = new AbortController();
    const { signal } = this.connection;
    // On the document, because the keys go to the page when nothing has the focus.
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    document.addEventListener("focusin", () => (this.#edited = null), { signal });
    document.addEventListener("input", ({ target }) => (this.#edited = target), { signal });
    document.addEventListener("change", () => this.emit("complete"), { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.connection.abort();
  }

  render() {
    const { facts, history } = this;
    if (!facts || !history) return nothing;
    const { past, present, future } = history;
    return html`
      ${this.#button("undo", common.undo, stepText(facts, present, past.at(-1)), "M9 14 4 9l5-5M4 9h11a5 5 0 0 1 0 10h-3")}
      ${this.#button("redo", say.redo, stepText(facts, present, future[0]), "m15 14 5-5-5-5M20 9H9a5 5 0 0 0 0 10h3")}
    `;
  }

  /**
   * It keeps the focus at the end of the history.
   * @param {"undo" | "redo"} name
   * @param {string} title
   * @param {string} step nothing where there is none
   * @param {string} path
   */
  #button(name, title, step, path) {
    return html`
      <button type="button" class="quiet" data-step=${name} title=${step ? `${title}: ${step}` : nothing}
        aria-disabled=${step === ""} @click=${() => this.emit(name)}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>
        ${title}${step ? html`<span class="visually-hidden">${step}</span>` : nothing}
      </button>
    `;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
    const key = event.key.toLowerCase();
    if (!(ctrlKey || metaKey) || altKey || !(key === "z" || (key === "y" && !shiftKey))) return;
    const isText = target instanceof Element && target.matches(TEXT_BOX);
    const isElsewhere = isText && !this.closest("form")?.contains(target);
    if (event.defaultPrevented || isElsewhere || (isText && target === this.#edited)) return;
    event.preventDefault();
    this.emit(key === "y" || shiftKey ? "redo" : "undo");
  }
}

customElements.define("servery-history", ServeryHistory);
