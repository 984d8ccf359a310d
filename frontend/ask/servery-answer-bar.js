import * as say from "#words/parts";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import "./servery-answer-bar.css";
import { isOfOlderInputs } from "./state.js";
import { headlineShort } from "./headlines.js";
import { hindrance, warningsCounted } from "./words.js";

/**
 * On a phone: the answer in one line at the foot of the screen, while the whole of it is out of
 * sight. Properties in: `facts`, `answer`, `draft` (the inputs as they are now).
 */
export class ServeryAnswerBar extends PageElement {
  static properties = {
    facts: { attribute: false },
    answer: { attribute: false },
    draft: { attribute: false },
    isAway: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("./state.js").Answer | null} */
    this.answer = null;
    /** @type {import("../lib/types.js").Draft} */
    this.draft = {};
    this.isAway = false;
    this.watcher = new IntersectionObserver(([seen]) => {
      this.isAway = seen ? !seen.isIntersecting : false;
    });
  }

  render() {
    const { facts, answer } = this;
    if (!facts || !answer) return nothing;
    const beside = hindrance(answer) || (answer.prediction && warningsCounted(answer.prediction));
    // A figure for other inputs would be taken for one for these.
    const words =
      answer.prediction &&
      !isOfOlderInputs(answer, this.draft) &&
      headlineShort(facts.signature.output, answer.prediction, facts.training.rows);
    if (!this.isAway || !(words || beside)) return nothing;
    return html`
      <button type="button" class="answer-bar" data-status=${answer.status} @click=${show}>
        <span class="visually-hidden">${say.goToTheAnswer} </span>
        ${words ? html`<strong>${words}</strong>` : nothing}
        ${beside ? html`<small>${beside}</small>` : nothing}
      </button>
    `;
  }

  firstUpdated() {
    const answer = document.querySelector("servery-answer");
    if (answer) this.watcher.observe(answer);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }
}

customElements.define("servery-answer-bar", ServeryAnswerBar);

function show() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  document.querySelector("servery-answer")?.scrollIntoView({ behavior });
}
