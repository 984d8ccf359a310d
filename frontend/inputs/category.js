import * as say from "#words/inputs";
import { html } from "lit";
import "./servery-category-input.js";
import "./servery-choice-input.js";

/** @typedef {import("../lib/types.js").Input} Input */

/** So many choices, and no more, stand side by side. */
const FEW = 4;

/** @type {import("./types.js").InputType} */
export const category = {
  title: say.category,
  control: (input, wiring) =>
    (input.categories?.length ?? 0) <= FEW && (!wiring.typed || categoryOf(input, wiring.typed))
      ? html`<servery-choice-input .input=${input} .choices=${input.categories}
          .wiring=${wiring}></servery-choice-input>`
      : html`<servery-category-input .input=${input} .wiring=${wiring}></servery-category-input>`,
  read: (input, typed) => ({ json: JSON.stringify(categoryOf(input, typed)?.value ?? typed) }),
  words: (input, typed) => categoryOf(input, typed)?.label ?? typed,
  curve: "bars",
  isProse: false,
  readingOptions: [],
};

/**
 * @param {Input} input
 * @param {string} typed
 */
function categoryOf({ categories }, typed) {
  return categories?.find(({ value }) => String(value) === typed);
}
