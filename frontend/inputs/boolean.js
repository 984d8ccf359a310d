import * as say from "#words/inputs";
import { html } from "lit";
import "./servery-choice-input.js";

const CHOICES = [
  { value: true, label: say.yes, count: null },
  { value: false, label: say.no, count: null },
];

/** @type {import("./types.js").InputType} */
export const boolean = {
  title: say.trueOrFalse,
  control: (input, wiring) => html`<servery-choice-input .input=${input} .choices=${CHOICES}
    .wiring=${wiring}></servery-choice-input>`,
  read: (_input, typed) => ({
    json: typed === "true" || typed === "false" ? typed : JSON.stringify(typed),
  }),
  words: (_input, typed) => (typed === "true" ? "yes" : "no"),
  curve: "bars",
  isProse: false,
  readingOptions: [],
};
