import { nothing } from "lit";
import { PageElement } from "../lib/element.js";

/**
 * What a control gets beside its input: the id that its label points to, the text to show, and the
 * marks of a fault.
 * @typedef {{id: string, typed: string | null | undefined, invalid: boolean, described: string}} Wiring
 */

/** A control of one input. Properties in: `input`, `wiring`. Emits: native `input` events. */
export class WiredElement extends PageElement {
  static properties = { input: { attribute: false }, wiring: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Input | null} */
    this.input = null;
    /** @type {Wiring} */
    this.wiring = { id: "", typed: undefined, invalid: false, described: "" };
  }

  get described() {
    return this.wiring.described || nothing;
  }

  get typed() {
    return this.wiring.typed ?? "";
  }
}
