/**
 * The types of inputs that the page knows, one line each: how a value is typed, and what it stands
 * for. A type that it does not know is a text box, and the server says what it expects there.
 */

import { boolean } from "./boolean.js";
import { category } from "./category.js";
import { date, datetime } from "./moment.js";
import { integer, number } from "./number.js";
import { text } from "./text.js";
import { unknown } from "./unknown.js";

/** @typedef {import("../lib/types.js").Input} Input */
/**
 * The JSON text that a typed text stands for, or why it stands for none.
 * @typedef {{json: string} | {code: string, detail: string, fixes?: readonly string[]}} Reading
 */

/**
 * @typedef {object} InputType
 * @property {string} title what a value is called in a list of columns
 * @property {(input: Input, wiring: import("./input-element.js").Wiring) => unknown} control that
 *   emits native `input` events
 * @property {() => Promise<unknown>} [load] the element of its control, where few models need it
 * @property {(input: Input, typed: string) => Reading} read a text that is not blank
 * @property {(input: Input, typed: string) => string} words for a typed text
 * @property {"line" | "bars" | null} curve how an answer is drawn that changes with it
 * @property {boolean} isProse explained word by word
 * @property {readonly ("decimal" | "thousands" | "dates" | "century")[]} readingOptions that decide how it is read in a file
 */

/** @type {Record<string, InputType>} */
const TYPES = { number, integer, boolean, category, text, date, datetime };

/**
 * @param {{type: string}} input
 * @returns {InputType}
 */
export function typeOf({ type }) {
  return (Object.hasOwn(TYPES, type) && TYPES[type]) || unknown;
}
