import * as say from "#words/inputs";
import { html } from "lit";

/** @type {import("./types.js").InputType} */
export const text = {
  title: say.text,
  control: (input, wiring) =>
    html`<servery-text-input .input=${input} .wiring=${wiring}></servery-text-input>`,
  load: () => import("./servery-text-input.js"),
  read: (_input, typed) => ({ json: JSON.stringify(typed) }),
  words: (_input, typed) => typed,
  curve: null,
  isProse: true,
  readingOptions: [],
};
