/** A row copied from a table, or JSON, as a draft. */

/** @typedef {import("./types.js").Input} Input */
/** @typedef {import("./types.js").Draft} Draft */

/**
 * @param {string} text CSV, TSV or JSON: with a header line, or values in the form's order
 * @param {Input[]} inputs
 * @returns {{draft: Draft, notice: string} | null} null where the text is no row
 */
export function draftFrom(text, inputs) {
  const entries = entriesOf(text.trim(), inputs);
  if (!entries) return null;
  const named = new Map(inputs.map((input) => [plain(input.name), input.name]));
  /** @type {Record<string, string | null>} */
  const draft = {};
  const unknown = [];
  for (const [name, value] of entries) {
    const known = named.get(plain(name));
    if (known) draft[known] = value;
    else unknown.push(name);
  }
  if (Object.keys(draft).length === 0) return null;
  return { draft, notice: noticeOf(inputs, draft, unknown) };
}

/**
 * @param {string} text
 * @param {Input[]} inputs
 * @returns {[string, string | null][] | null}
 */
function entriesOf(text, inputs) {
  if (/^[[{]/.test(text)) return fromJson(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const mark = ["\t", ";", ","].find((each) => lines[0]?.includes(each)) ?? "\t";
  const [first = [], second] = lines.map((line) => cells(line, mark));
  const names = new Set(inputs.map((input) => plain(input.name)));
  if (second && first.some((cell) => names.has(plain(cell)))) {
    return first.map((name, at) => [name, second[at] || null]);
  }
  if (first.length !== inputs.length) return null;
  return inputs.map((input, at) => [input.name, first[at] || null]);
}

/**
 * @param {string} text
 * @returns {[string, string | null][] | null}
 */
function fromJson(text) {
  try {
    const read = JSON.parse(text, /** @type {(key: string, value: any) => any} */ (digits));
    const row = Array.isArray(read) ? read[0] : (read.inputs ?? read.instances?.[0] ?? read);
    return Object.entries(row).map(([name, value]) => [
      name,
      value === null ? null : String(value),
    ]);
  } catch {
    return null;
  }
}

/**
 * The source text of a number keeps every digit; its parsed value would not.
 * @param {string} _key
 * @param {unknown} value
 * @param {{source?: string}} [context]
 */
function digits(_key, value, context) {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

/**
 * @param {string} line
 * @param {string} mark
 */
function cells(line, mark) {
  const quoted = new RegExp(`(?:^|\\${mark})(?:"((?:[^"]|"")*)"|([^\\${mark}]*))`, "g");
  return [...line.matchAll(quoted)].map(([, inner, bare]) =>
    (inner?.replaceAll('""', '"') ?? bare ?? "").trim(),
  );
}

/** @param {string} name */
function plain(name) {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim() || name
  );
}

/**
 * @param {Input[]} inputs
 * @param {Draft} draft
 * @param {string[]} unknown
 */
function noticeOf(inputs, draft, unknown) {
  const absent = inputs.filter((input) => !(input.name in draft)).map((input) => input.label);
  const parts = ["Row filled in."];
  if (absent.length > 0) parts.push(`Not in it: ${absent.join(", ")}.`);
  if (unknown.length > 0) parts.push(`Not an input, left out: ${unknown.join(", ")}.`);
  return parts.join(" ");
}
