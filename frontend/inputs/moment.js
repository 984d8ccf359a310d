import * as say from "#words/inputs";
import { html } from "lit";

/** @type {import("./types.js").InputType} */
export const date = {
  title: say.date,
  control: (input, wiring) =>
    html`<servery-date-input .input=${input} .wiring=${wiring}></servery-date-input>`,
  load: () => import("./servery-date-input.js"),
  read: (_input, typed) => ({ json: JSON.stringify(typed) }),
  words: (_input, typed) => typed,
  curve: null,
  isProse: false,
  readingOptions: ["dates", "century"],
};

/** @type {import("./types.js").InputType} */
export const datetime = { ...date, title: say.dateAndTime };
