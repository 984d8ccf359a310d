/** Numbers: a box for what people type, and a slider. */

import * as common from "#words/common";
import * as say from "#words/inputs";
import { html } from "lit";
import { withUnit } from "../lib/format.js";
import { readingsOf } from "./number-text.js";
import "./servery-number-input.js";

/** @typedef {import("./types.js").InputType} InputType */

/** @type {InputType} */
export const number = {
  title: say.number,
  control: (input, wiring) =>
    html`<servery-number-input .input=${input} .wiring=${wiring}></servery-number-input>`,
  read(input, typed) {
    const fixes = readingsOf(input, typed);
    const [json] = fixes;
    if (json !== undefined && fixes.length === 1) return { json };
    const found = common.quoted(typed.trim());
    return json === undefined
      ? { code: "not-a-number", detail: say.expectedNumber(found) }
      : { code: "not-a-number", detail: say.ambiguousNumber(found), fixes };
  },
  words(input, typed) {
    const readings = readingsOf(input, typed);
    return withUnit(readings.length === 1 ? String(readings[0]) : typed, input.unit);
  },
  curve: "line",
  isProse: false,
  readingOptions: ["decimal", "thousands"],
};

/** @type {InputType} */
export const integer = { ...number, title: say.wholeNumber };
