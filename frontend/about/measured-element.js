import { PageElement } from "../lib/element.js";

/**
 * An element that shows one part of what was measured. Properties in: `facts` of the model,
 * `measured`, a part of its evaluation.
 * @template Measured
 */
export class MeasuredElement extends PageElement {
  static properties = { facts: { attribute: false }, measured: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Facts | null} */
    this.facts = null;
    /** @type {Measured | null} */
    this.measured = null;
  }
}
