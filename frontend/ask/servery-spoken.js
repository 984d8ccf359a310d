import { StateElement } from "../lib/element.js";
import { spokenText } from "./spoken.js";

/** A question and its answer in words for screen readers. Property in: `state`. */
export class ServerySpoken extends StateElement {
  render() {
    return this.state ? spokenText(this.state) : "";
  }
}

customElements.define("servery-spoken", ServerySpoken);
