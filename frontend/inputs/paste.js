/** Reads a row copied from a table, or JSON, as a draft; what does not match is named, never guessed. */

import * as common from "#words/common";
import * as say from "#words/paste";
import { typedFor } from "../lib/draft.js";
import { typeOf } from "./types.js";

/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {[name: string, value: string | null][]} Entries */
/** @typedef {{entries: Entries, rows: number}} Row the first row, and how many there were */
/** @typedef {{draft: Draft | null, notice: string}} Pasted `draft` is null where nothing fits */

/**
 * @param {string} text CSV, TSV or JSON: with a header line, or values in the form's order
 * @param {Input[]} inputs
 * @returns {Pasted}
 */
export function pastedRow(text, inputs) {
  const trimmed = text.trim();
  const row = /^[[{]/.test(trimmed) ? rowOfJson(trimmed) : rowOfTable(trimmed, inputs);
  if (typeof row === "string") return { draft: null, notice: row };
  const found = row.entries.map(([name, value]) => ({ name, value, input: named(name, inputs) }));
  const fitting = found.filter(({ input }) => input);
  if (fitting.length === 0) {
    return { draft: null, notice: say.noInputNamed };
  }
  const draft = Object.fromEntries(
    fitting.map(({ input, value }) => [input?.name, input && valueIn(input, value)]),
  );
  const strangers = found.filter(({ input }) => !input).map(({ name }) => name);
  return { draft, notice: noticeOf(inputs, draft, strangers, row.rows) };
}

/**
 * @param {string} text
 * @returns {Row | string} or what is wrong with it
 */
function rowOfJson(text) {
  try {
    const read = JSON.parse(text, /** @type {(key: string, value: any) => any} */ (keepDigits));
    const rows = Array.isArray(read) ? read : (read.instances ?? [read.inputs ?? read]);
    const entries = Object.entries(rows[0]).map(
      ([name, value]) => /** @type {const} */ ([name, typedFor(value)]),
    );
    return { entries: /** @type {Entries} */ (entries), rows: rows.length };
  } catch {
    return say.invalidJson;
  }
}

/**
 * The source text of a number keeps every digit; its parsed value would not.
 * @param {string} _key
 * @param {unknown} value
 * @param {{source?: string}} [context]
 */
function keepDigits(_key, value, context) {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

/**
 * @param {string} text
 * @param {Input[]} inputs
 * @returns {Row | string}
 */
function rowOfTable(text, inputs) {
  const [only] = inputs;
  const mark = ["\t", ";", ","].find((each) => text.includes(each)) ?? "\t";
  const [first = [], ...others] = recordsOf(text, mark);
  const hasHeader = others.length > 0 && first.some((cell) => named(cell, inputs));
  if (hasHeader) {
    const entries = first.map((name, at) => /** @type {const} */ ([name, others[0]?.[at] || null]));
    return { entries: /** @type {Entries} */ (entries), rows: others.length };
  }
  if (only && inputs.length === 1) return { entries: [[only.name, text]], rows: 1 };
  if (first.length !== inputs.length) {
    return say.expectedValues(inputs.length, first.length);
  }
  return {
    entries: inputs.map((input, at) => [input.name, first[at] || null]),
    rows: 1 + others.length,
  };
}

/**
 * Fields may stand in quotes, with separators, line breaks and doubled quotes inside (RFC 4180).
 * @param {string} text
 * @param {string} mark
 * @returns {string[][]}
 */
export function recordsOf(text, mark) {
  /** @type {string[][]} */
  const records = [[]];
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${mark}\\r\\n]*))(${mark}|\\r?\\n|$)`, "y");
  while (field.lastIndex <= text.length) {
    const [, quoted, bare = "", end] = field.exec(text) ?? [];
    if (end === undefined) return [[text]]; // a stray quote: no table
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare.trim());
    if (end === "") break;
    if (end !== mark) records.push([]);
  }
  return records.filter((record) => record.some((cell) => cell !== ""));
}

/**
 * @param {string} name
 * @param {Input[]} inputs
 * @returns {Input | undefined} the input with exactly this name or label, else the only one that matches
 */
function named(name, inputs) {
  return (
    inputs.find((input) => input.name === name) ??
    inputs.find((input) => input.label === name) ??
    only(
      inputs,
      ({ name: each, label }) => folded(each) === folded(name) || folded(label) === folded(name),
    )
  );
}

/**
 * @param {Input} input
 * @param {string | null} value
 * @returns {string | null} the code of a category that was named by its label, as the page shows it
 */
function valueIn({ categories }, value) {
  if (!value || !categories || categories.some((each) => String(each.value) === value))
    return value;
  const meant =
    categories.find(({ label }) => label === value) ??
    only(
      categories,
      (each) =>
        folded(each.label) === folded(value) || folded(String(each.value)) === folded(value),
    );
  return meant ? String(meant.value) : value;
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {(each: T) => boolean} fits
 * @returns {T | undefined} the only one that fits
 */
function only(all, fits) {
  const found = all.filter(fits);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The same rule as for the columns of a table.
 * @param {string} name
 * @returns {string} without case, spaces and punctuation; a name of punctuation alone as it is
 */
function folded(name) {
  const letters = name
    .normalize("NFC")
    .toUpperCase() // ß becomes SS
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return letters || name;
}

/**
 * @param {Input[]} inputs
 * @param {Draft} draft
 * @param {string[]} strangers
 * @param {number} rows
 */
function noticeOf(inputs, draft, strangers, rows) {
  const absent = inputs.filter((input) => !Object.hasOwn(draft, input.name));
  const labels = absent.map((input) => input.label).join(", ");
  const set = inputs.filter((input) => Object.hasOwn(draft, input.name));
  const values = listed(set.map((input) => setText(input, draft)));
  const parts = [rows > 1 ? say.firstFilledIn(rows, values) : say.rowFilledIn(values)];
  if (labels) parts.push(say.notInIt(labels));
  if (strangers.length > 0) parts.push(say.leftOut(strangers.join(", ")));
  return parts.join(" ");
}

/**
 * @param {Input} input
 * @param {Draft} draft
 */
function setText(input, draft) {
  const typed = draft[input.name];
  const words = typed ? typeOf(input).words(input, typed) : common.notKnown;
  return `${input.label} ${shortened(words)}`;
}

const SHOWN = 6;
const LONGEST = 40;

/** @param {string[]} parts */
function listed(parts) {
  const more = parts.length - SHOWN;
  return more > 1 ? common.andMore(parts.slice(0, SHOWN).join(", "), more) : parts.join(", ");
}

/** @param {string} words */
function shortened(words) {
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}
