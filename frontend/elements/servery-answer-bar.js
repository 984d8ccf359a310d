import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { doubtOf, headline } from "../lib/words.js";

/**
 * On a phone: the answer in one line at the foot of the screen, while the whole of it is out of
 * sight. Properties in: `facts`, `prediction`, `stale`.
 */
export class ServeryAnswerBar extends PageElement {
  static properties = {
    facts: { attribute: false },
    prediction: { attribute: false },
    stale: { attribute: false },
    isAway: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {import("../lib/types.js").Prediction | null} */
    this.prediction = null;
    this.stale = false;
    this.isAway = false;
    this.watcher = new IntersectionObserver(([seen]) => {
      this.isAway = seen ? !seen.isIntersecting : false;
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  firstUpdated() {
    const answer = document.querySelector("servery-answer");
    if (answer) this.watcher.observe(answer);
  }

  render() {
    const { facts, prediction } = this;
    if (!facts || !prediction || !this.isAway) return nothing;
    const words = doubtOf(prediction) ? "No verdict" : headline(facts, prediction);
    return html`
      <button type="button" class="answer-bar" data-stale=${this.stale} @click=${show}>
        <span class="visually-hidden">Go to the answer: </span>${words}
      </button>
    `;
  }
}

customElements.define("servery-answer-bar", ServeryAnswerBar);

function show() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  document.querySelector("servery-answer")?.scrollIntoView({ behavior });
}
