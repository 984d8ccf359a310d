import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import "./servery-notes.css";

const WIDE = "(min-width: 50rem)";

/**
 * What could not be known about a model: whole where there is room, one line to open on a phone.
 * Property in: `notes`.
 */
export class ServeryNotes extends PageElement {
  static properties = { notes: { attribute: false } };

  constructor() {
    super();
    /** @type {readonly string[]} */
    this.notes = [];
    this.isWide = matchMedia(WIDE).matches;
  }

  render() {
    const [lead, ...rest] = this.notes.flatMap((note) => note.split(/(?<=\.)\s+/));
    if (!lead) return nothing;
    if (this.isWide || rest.length === 0) {
      return html`<div class="notes">${this.notes.map((note) => html`<p>${note}</p>`)}</div>`;
    }
    return html`
      <details class="notes">
        <summary><span>${lead}</span></summary>
        <p>${rest.join(" ")}</p>
      </details>
    `;
  }
}

customElements.define("servery-notes", ServeryNotes);
