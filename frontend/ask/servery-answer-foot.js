import { html, nothing } from "lit";
import { isSame, typedIn } from "../lib/draft.js";
import { typedText } from "../inputs/instance.js";
import { PageElement } from "../lib/element.js";
import "./servery-answer-foot.css";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Input} Input */

/**
 * What can be done with an answer. Properties in: `inputs`, `asked` (the inputs as they were asked),
 * `pin` (the question that is kept to compare with). Emits: `servery:pin`.
 */
export class ServeryAnswerFoot extends PageElement {
  static properties = {
    inputs: { attribute: false },
    asked: { attribute: false },
    pin: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Input[]} */
    this.inputs = [];
    /** @type {Draft | null} */
    this.asked = null;
    /** @type {Draft | null} */
    this.pin = null;
  }

  render() {
    const { inputs, asked, pin } = this;
    if (!asked) return nothing;
    const isPinned = pin !== null && isSame(pin, asked);
    return html`
      <details class="asked">
        <summary>Inputs used</summary>
        <dl class="facts">
          ${inputs.map((input) => html`<div><dt>${input.label}</dt><dd>${typedText(input, typedIn(asked, input.name))}</dd></div>`)}
        </dl>
      </details>
      <button type="button" class="quiet" @click=${() => window.print()}>Print or save as PDF</button>
      <button type="button" class="quiet" aria-pressed=${isPinned}
        @click=${() => this.emit("pin", isPinned ? null : asked)}>
        ${isPinned ? "Pinned" : "Pin this answer"}
      </button>
    `;
  }
}

customElements.define("servery-answer-foot", ServeryAnswerFoot);
