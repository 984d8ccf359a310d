import * as say from "#words/parts";
import { html, nothing } from "lit";
import { isSame, typedIn } from "../lib/draft.js";
import { typedText } from "../inputs/instance.js";
import { PageElement } from "../lib/element.js";
import "./servery-answer-foot.css";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Input} Input */

/**
 * What can be done with an answer. Properties in: `inputs`, `asked` (the inputs as they were asked),
 * `kept` (questions that are kept to compare with). Emits: `servery:keep`.
 */
export class ServeryAnswerFoot extends PageElement {
  static properties = {
    inputs: { attribute: false },
    asked: { attribute: false },
    kept: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Input[]} */
    this.inputs = [];
    /** @type {Draft | null} */
    this.asked = null;
    /** @type {import("../lib/address.js").Kept[]} */
    this.kept = [];
  }

  render() {
    const { inputs, asked, kept } = this;
    if (!asked) return nothing;
    const isKept = kept.some(({ draft }) => isSame(draft, asked));
    return html`
      <details class="asked">
        <summary>${say.inputsUsed}</summary>
        <dl class="facts">
          ${inputs.map((input) => html`<div><dt>${input.label}</dt><dd>${typedText(input, typedIn(asked, input.name))}</dd></div>`)}
        </dl>
      </details>
      <button type="button" class="quiet" @click=${() => window.print()}>${say.printOrSaveAsPdf}</button>
      <button type="button" class="quiet" data-keep aria-pressed=${isKept} @click=${() => this.emit("keep", asked)}>
        ${isKept ? say.kept : say.keepThisAnswer}
      </button>
    `;
  }
}

customElements.define("servery-answer-foot", ServeryAnswerFoot);
