import { LOCALE } from "#words/language";
import * as say from "#words/insight";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";

/** @type {Intl.DateTimeFormatOptions} */
const PRINTED = { dateStyle: "long", timeStyle: "short" };

/** What a printed answer is of. Property in: `facts`. */
export class ServeryPrinted extends PageElement {
  static properties = { facts: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    this.connection = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    this.connection = new AbortController();
    const { signal } = this.connection;
    window.addEventListener("beforeprint", () => this.#stamp(), { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.connection.abort();
  }

  render() {
    const { facts } = this;
    if (!facts) return nothing;
    return html`<p class="printed">${say.printed(facts.title, facts.version, html`<time></time>`)}</p>`;
  }

  /** Paper does not update, so it states when it was printed. */
  #stamp() {
    const place = this.querySelector("time");
    if (place) place.textContent = new Date().toLocaleString(LOCALE, PRINTED);
  }
}

customElements.define("servery-printed", ServeryPrinted);
