import * as say from "#words/embed";
import { html, nothing } from "lit";
import { hashOf } from "../lib/address.js";
import { StateElement } from "../lib/element.js";

/** The way from a frame to the whole page, with the question on screen. Property in: `state`. */
export class ServeryWayOut extends StateElement {
  render() {
    if (this.state?.route.page !== "model") return nothing;
    const { route, draft } = this.state;
    return html`<a href=${hashOf({ ...route, isEmbedded: false, draft })}>${say.openInServery}</a>`;
  }
}

customElements.define("servery-way-out", ServeryWayOut);
