import { html, nothing } from "lit";
import { RankingElement } from "./ranking-element.js";
import "./servery-alternatives.css";

const SHOWN = 12;

/** All classes of a model that has neither probabilities nor scores. */
export class ServeryAlternatives extends RankingElement {
  render() {
    const classes = this.output?.classes ?? [];
    const kind = this.output?.task === "clustering" ? "groups" : "outcomes";
    return html`
      ${
        classes.length > SHOWN
          ? nothing
          : html`<ul class="alternatives" aria-label=${`All ${kind}`}>
              ${classes.map(({ value, label }) => html`<li aria-current=${value === this.chosen ? "true" : nothing}>${label}</li>`)}
            </ul>`
      }
      <p class="help">One of ${classes.length} ${kind}. This model gives no probabilities.</p>
    `;
  }
}

customElements.define("servery-alternatives", ServeryAlternatives);
