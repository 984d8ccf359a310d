import { LitElement } from "lit";

/** An element whose markup lives in the page itself, so that labels, forms and styles reach it. */
export class PageElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /**
   * Tell those above of a wish.
   * @param {string} wish
   * @param {unknown} [detail]
   */
  wish(wish, detail) {
    this.dispatchEvent(new CustomEvent(`servery:${wish}`, { detail, bubbles: true }));
  }
}
