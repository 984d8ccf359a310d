import * as say from "#words/parts";
import { html, nothing } from "lit";
import { RankingElement } from "./ranking-element.js";
import "./servery-alternatives.css";

const SHOWN = 12;

/** All classes of a model that has neither probabilities nor scores. */
export class ServeryAlternatives extends RankingElement {
  render() {
    const classes = this.output?.classes ?? [];
    const isGrouped = this.output?.task === "clustering";
    return html`
      ${
        classes.length > SHOWN
          ? nothing
          : html`<ul class="alternatives" aria-label=${isGrouped ? say.allGroups : say.allOutcomes}>
              ${classes.map(({ value, label }) => html`<li aria-current=${value === this.chosen ? "true" : nothing}>${label}</li>`)}
            </ul>`
      }
      <p class="help">${isGrouped ? say.oneOfGroups(classes.length) : say.oneOfOutcomes(classes.length)}</p>
    `;
  }
}

customElements.define("servery-alternatives", ServeryAlternatives);
