import { html } from "lit";
import "./servery-date-input.js";

/** @type {import("./types.js").InputType} */
export const date = {
  title: "Date",
  control: (input, wiring) =>
    html`<servery-date-input .input=${input} .wiring=${wiring}></servery-date-input>`,
  read: (_input, typed) => ({ json: JSON.stringify(typed) }),
  words: (_input, typed) => typed,
  curve: null,
  isProse: false,
  readingOptions: ["dates", "century"],
};

/** @type {import("./types.js").InputType} */
export const datetime = { ...date, title: "Date and time" };
