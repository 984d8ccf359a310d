import { html } from "lit";
import "./servery-choice-input.js";

const CHOICES = [
  { value: true, label: "Yes", count: null },
  { value: false, label: "No", count: null },
];

/** @type {import("./types.js").InputType} */
export const boolean = {
  title: "True or false",
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
