import { PageElement } from "../lib/element.js";

/** How the answer changes with one input. Properties in: `input`, `points`, `typed`, `measure`. */
export class CurvedElement extends PageElement {
  static properties = {
    input: { attribute: false },
    points: { attribute: false },
    typed: { attribute: false },
    measure: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import("../lib/types.js").Input | null} */
    this.input = null;
    /** @type {import("../lib/types.js").CurvePoint[]} */
    this.points = [];
    /** @type {string | null | undefined} */
    this.typed = undefined;
    /** @type {import("./measure.js").Measure | null} */
    this.measure = null;
  }
}
