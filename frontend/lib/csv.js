/** Tables as RFC 4180 has them. */

/** @typedef {import("./types.js").Scalar} Scalar */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * @param {readonly (readonly (Scalar | null | undefined)[])[]} rows
 * @returns {string} a line for each
 */
export function csvOf(rows) {
  return rows.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("");
}

/**
 * @param {Scalar | null | undefined} value
 * @returns {string} quoted where it has to be; no spreadsheet takes it for a formula
 */
export function cellOf(value) {
  const text = String(value ?? "");
  const isFormula = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text.trim());
  const harmless = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
