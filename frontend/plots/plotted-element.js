import * as common from "#words/common";
import * as say from "#words/plots";
import { html } from "lit";
import { PageElement } from "../lib/element.js";

/** An element whose plots come when it is shown; `fetchPlots` says from where. */
export class PlottedElement extends PageElement {
  static properties = { plots: { state: true } };

  constructor() {
    super();
    /** @type {"coming" | "here" | "lost"} */
    this.plots = "coming";
  }

  /** @returns {Promise<unknown>} the code that draws */
  fetchPlots() {
    throw new Error("an element without plots");
  }

  firstUpdated() {
    this.#come();
  }

  /** @param {() => unknown} drawn what is drawn once the code is there */
  plotted(drawn) {
    if (this.plots === "here") return drawn();
    if (this.plots === "coming") return html`<div class="skeleton skeleton-answer"></div>`;
    return html`
      <p role="alert">
        ${say.couldNotLoadThePlots}
        <button type="button" @click=${this.#come}>${common.tryAgain}</button>
      </p>
    `;
  }

  async #come() {
    this.plots = "coming";
    this.plots = await this.fetchPlots().then(
      () => "here",
      () => "lost",
    );
  }
}
