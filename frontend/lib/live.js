/** Sets a property of a control to what it should be, whatever its user has made of it since. */

import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";

/** Lit compares with what it set last; this compares with what is there. */
class Live extends Directive {
  /** @param {unknown} value */
  render(value) {
    return value;
  }

  /**
   * @param {import("lit/directive.js").Part} part a property, as in `.value=${live(…)}`
   * @param {[value: unknown]} values
   */
  update(part, [value]) {
    const { element, name } = /** @type {import("lit/directive.js").PropertyPart} */ (part);
    const control = /** @type {Record<string, any>} */ (/** @type {unknown} */ (element));
    if (control[name] !== value) control[name] = value;
    return noChange;
  }
}

export const live = directive(Live);
