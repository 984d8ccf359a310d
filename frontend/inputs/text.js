import { html } from "lit";
import "./servery-text-input.js";

/** @type {import("./types.js").InputType} */
export const text = {
  title: "Text",
  control: (input, wiring) =>
    html`<servery-text-input .input=${input} .wiring=${wiring}></servery-text-input>`,
  read: (_input, typed) => ({ json: JSON.stringify(typed) }),
  words: (_input, typed) => typed,
  curve: null,
  isProse: true,
  readingOptions: [],
};
