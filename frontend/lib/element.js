import { LitElement } from "lit";

/** An element whose markup lives in the page itself, so that labels, forms and styles reach it. */
export class PageElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /**
   * Send an event upwards, to the flow that handles it.
   * @param {string} name
   * @param {unknown} [detail]
   */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`servery:${name}`, { detail, bubbles: true }));
  }
}

/** An element that shows the state of the page. Property in: `state`. */
export class StateElement extends PageElement {
  static properties = { state: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../shell/state.js").State | null} */
    this.state = null;
  }
}
