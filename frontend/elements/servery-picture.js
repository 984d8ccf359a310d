import { html, svg } from "lit";
import { PageElement } from "../lib/element.js";
import { apiAddress } from "../lib/origin.js";

/** A model's picture, or one drawn from its name. Properties in: `name`, `source`. */
export class ServeryPicture extends PageElement {
  static properties = { name: { attribute: false }, source: { attribute: false } };

  constructor() {
    super();
    this.name = "";
    /** @type {string | null} */
    this.source = null;
  }

  render() {
    if (this.source) return html`<img src=${apiAddress(this.source)} alt="" />`;
    const bars = heights(this.name);
    return html`<svg viewBox="0 0 320 200" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      ${bars.map(
        (height, at) =>
          svg`<rect x=${28 + at * 34} y=${170 - height} width="22" height=${height} rx="4"
            data-strong=${at === bars.indexOf(Math.max(...bars))}></rect>`,
      )}
    </svg>`;
  }
}

customElements.define("servery-picture", ServeryPicture);

/**
 * Eight heights that are always the same for a name (FNV-1a, one step a bar).
 * @param {string} name
 */
function heights(name) {
  let hash = 2166136261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return Array.from({ length: 8 }, (_, at) => {
    hash = Math.imul(hash ^ at, 16777619);
    return 30 + ((hash >>> 8) % 110);
  });
}
