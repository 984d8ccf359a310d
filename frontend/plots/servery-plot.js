import { html } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * A plot as wide as its place; to those who do not see it, its gist. A table nearby says the same.
 * Properties in: `draw`, `gist`.
 */
export class ServeryPlot extends PageElement {
  static properties = { draw: { attribute: false }, gist: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./drawing.js").Draw | null} */
    this.draw = null;
    this.gist = "";
    this.width = 0;
    this.observer = new ResizeObserver(() => this.#fit());
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  render() {
    return html`<div role="img" aria-label=${this.gist}></div>`;
  }

  updated() {
    this.#plot();
  }

  #fit() {
    if (Math.floor(this.clientWidth) !== this.width) this.#plot();
  }

  #plot() {
    this.width = Math.floor(this.clientWidth);
    if (!this.draw || this.width === 0) return;
    const plot = this.draw(this.width);
    plot.setAttribute("aria-hidden", "true");
    this.firstElementChild?.replaceChildren(plot);
  }
}

customElements.define("servery-plot", ServeryPlot);
