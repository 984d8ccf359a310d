import { html } from "lit";
import { languages } from "virtual:languages";
import { LOCALE } from "#words/language";
import * as say from "#words/menu";
import { PageElement } from "../lib/element.js";
import { changeLanguage } from "./language.js";
import "./servery-languages.css";

/** The menu of languages, each named in its own words. */
export class ServeryLanguages extends PageElement {
  render() {
    const change = (/** @type {Event & {currentTarget: HTMLSelectElement}} */ event) =>
      changeLanguage(event.currentTarget.value);
    return html`
      <select aria-label=${say.language} @change=${change}>
        ${languages.map((each) => html`<option value=${each} lang=${each} ?selected=${each === LOCALE}>${nameOf(each)}</option>`)}
      </select>
    `;
  }
}

customElements.define("servery-languages", ServeryLanguages);

/** @param {string} language */
function nameOf(language) {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
