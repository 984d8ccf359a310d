/** A file to fill in: the inputs as its header, an example below, as RFC 4180 has it. */

import { csvOf } from "../lib/csv.js";

/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * @param {Facts} facts
 * @returns {string} CSV
 */
export function templateOf({ signature, examples }) {
  const example = examples[0]?.inputs ?? {};
  const { inputs } = signature;
  const header = inputs.map((input) => input.name);
  const row = inputs.map((input) =>
    input.name in example ? example[input.name] : (input.typical ?? input.categories?.[0]?.value),
  );
  const text = csvOf([header, row]);
  // Excel takes a file for UTF-8 only where it begins so.
  return /[^\0-\x7f]/.test(text) ? `\uFEFF${text}` : text;
}

/**
 * @param {Facts} facts
 */
export function download(facts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([templateOf(facts)], { type: "text/csv" }));
  link.download = `${facts.name}-template.csv`;
  link.click();
  // The download has begun by the time that anything else can happen.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
