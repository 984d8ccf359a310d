/** Reads numbers as people type them. Digits are copied, never computed. */

/** @typedef {Pick<import("../lib/types.js").Input, "type" | "unit">} Numeric */

const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const SPACES = "[ \u00a0\u2009\u202f'’]";
const GROUPED = /** @type {const} */ ([
  { group: SPACES, point: "[.,]" },
  { group: ",", point: "\\." },
  { group: "\\.", point: "," },
]);
/** Groups of three digits, one kind of mark between them, and perhaps a fraction. */
const GROUPS = GROUPED.map(
  ({ group, point }) =>
    new RegExp(`^([+-]?)([1-9]\\d{0,2}(?:(${group})\\d{3})(?:\\3\\d{3})*)(?:${point}(\\d+))?$`),
);
const COMMA = /^([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)$/;

/**
 * @param {Numeric} input
 * @param {string} typed
 * @returns {string[]} each number that the text may stand for, as a JSON number: none where it is no
 *   number, two where a mark may stand for thousands or for decimals
 */
export function readingsOf({ type, unit }, typed) {
  const text = withoutUnit(typed.trim().replace(/^[−–]/, "-"), unit);
  const plain = digitsOf(text);
  // A point is what examples, sliders, links and JSON write before decimals, wherever the reader
  // lives: to ask about it would question the page's own values. No whole number has one.
  if (plain !== null && (type !== "integer" || isWhole(plain))) return [plain];
  const fraction = digitsOf(text.replace(COMMA, "$1.$2"));
  const found = [plain, fraction, ...GROUPS.map((pattern) => ungrouped(text, pattern))];
  const readings = [...new Set(found.filter((each) => each !== null))];
  const whole = plain === null && type === "integer" ? readings.filter(isWhole) : [];
  return whole.length > 0 ? whole : readings;
}

/**
 * @param {Numeric} input
 * @param {string | null | undefined} typed
 * @returns {number} NaN if nothing was typed, or nothing that is one number for certain
 */
export function numberIn(input, typed) {
  const readings = typed?.trim() ? readingsOf(input, typed) : [];
  return readings.length === 1 ? Number(readings[0]) : Number.NaN;
}

/** @param {string} json */
function isWhole(json) {
  return Number.isInteger(Number(json));
}

/**
 * @param {string} text
 * @returns {string | null} a JSON number, or null where the text is no number
 */
function digitsOf(text) {
  const match = PLAIN.exec(text);
  if (!match || !(match[2] || match[3])) return null;
  const [, sign, whole, fraction, exponent] = match;
  const digits = (whole || "0").replace(/^0+(?=\d)/, "") + (fraction ? `.${fraction}` : "");
  return (sign === "-" ? "-" : "") + digits + (exponent ? `e${exponent}` : "");
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function ungrouped(text, pattern) {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, sign, whole = "", , fraction] = match;
  return digitsOf(sign + whole.replaceAll(/\D/g, "") + (fraction ? `.${fraction}` : ""));
}

/**
 * @param {string} text
 * @param {string | null | undefined} unit
 * @returns {string} the text without the input's own unit at its end
 */
function withoutUnit(text, unit) {
  if (!unit || !text.toLowerCase().endsWith(unit.toLowerCase())) return text;
  return text.slice(0, -unit.length).trimEnd();
}
