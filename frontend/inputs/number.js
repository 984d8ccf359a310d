/** Numbers: digits are only moved, never computed, so that what is sent is what was typed. */

import { html } from "lit";
import { withUnit } from "../lib/format.js";
import "./servery-number-input.js";

/** @typedef {import("./types.js").InputType} InputType */

const NUMBER = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** @type {InputType} */
export const number = {
  title: "Number",
  control: (input, wiring) =>
    html`<servery-number-input .input=${input} .wiring=${wiring}></servery-number-input>`,
  read(_input, typed) {
    const json = digitsOf(typed.trim());
    return json === null ? { code: "not-a-number", detail: notANumber(typed.trim()) } : { json };
  },
  words: ({ unit }, typed) => withUnit(typed, unit),
  curve: "line",
  isProse: false,
  readingOptions: ["decimal", "thousands"],
};

/** @type {InputType} */
export const integer = { ...number, title: "Whole number" };

/**
 * @param {string} typed
 * @returns {string | null} a JSON number, or null where the text is no number
 */
function digitsOf(typed) {
  const match = NUMBER.exec(typed);
  if (!match || (match[2] === undefined && !match[3])) return null;
  const [, sign, whole = "0", fraction, exponent] = match;
  const digits = whole.replace(/^0+(?=\d)/, "") + (fraction ? `.${fraction}` : "");
  return (sign === "-" ? "-" : "") + digits + (exponent ? `e${exponent}` : "");
}

/**
 * JSON has no way to write it, so that the server cannot say this.
 * @param {string} typed
 */
function notANumber(typed) {
  const pointed = typed.replace(",", ".");
  const hint = pointed !== typed && digitsOf(pointed) ? ` Did you mean ${pointed}?` : "";
  return `Expected a number, found “${typed}”.${hint}`;
}
