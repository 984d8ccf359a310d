import { PageElement } from "../lib/element.js";
import { spokenText } from "./words.js";

/** A question and its answer in words for screen readers. Property in: `state`. */
export class ServerySpoken extends PageElement {
  static properties = { state: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../shell/state.js").State | null} */
    this.state = null;
  }

  render() {
    return this.state ? spokenText(this.state) : "";
  }
}

customElements.define("servery-spoken", ServerySpoken);
