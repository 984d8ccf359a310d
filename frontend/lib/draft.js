/** What a person typed, and the JSON that it stands for: exactly, or not at all. */

/** @typedef {import("./types.js").Input} Input */
/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Fault} Fault */

const NUMBER = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * @param {Input[]} inputs
 * @param {Draft} draft
 * @returns {{json: string, faults: Fault[]}} one instance as JSON text, and what is wrong with it
 */
export function instanceOf(inputs, draft) {
  /** @type {Fault[]} */
  const faults = [];
  const members = inputs.map((input) => {
    const { json, code, detail } = jsonOf(input, draft[input.name]);
    if (json === undefined) faults.push(faultOf(input, code ?? "", detail ?? ""));
    return `${JSON.stringify(input.name)}: ${json}`;
  });
  return { json: `{${members.join(", ")}}`, faults };
}

/**
 * @param {Input} input
 * @param {string | null | undefined} typed
 * @returns {{json?: string, code?: string, detail?: string}}
 */
export function jsonOf(input, typed) {
  if (typed === null && input.missing_allowed) return { json: "null" };
  if (typed === null || typed === undefined || typed.trim() === "") {
    return { code: "missing", detail: "Please give a value." };
  }
  if (input.type === "number" || input.type === "integer") return numberOf(typed.trim());
  if (input.type === "boolean") return { json: typed === "true" ? "true" : "false" };
  if (input.type === "category") return { json: JSON.stringify(categoryOf(input, typed)) };
  return { json: JSON.stringify(typed) };
}

/**
 * @param {import("./types.js").Scalar | null | undefined} value
 * @returns {string | null} what a person would have typed for a value
 */
export function typedOf(value) {
  return value === null || value === undefined ? null : String(value);
}

/**
 * @param {Input[]} inputs
 * @param {Record<string, import("./types.js").Scalar | null>} values
 * @returns {Draft}
 */
export function draftOf(inputs, values) {
  return Object.fromEntries(
    inputs
      .map((input) => /** @type {const} */ ([input.name, typedOf(values[input.name])]))
      .filter(([name, typed]) => typed !== null || allowsMissing(inputs, name)),
  );
}

/**
 * Digits are only moved, never computed: what is sent is what was typed.
 * @param {string} typed
 */
function numberOf(typed) {
  const match = NUMBER.exec(typed);
  if (!match || (match[2] === undefined && !match[3])) {
    const pointed = typed.replace(",", ".");
    const hint = NUMBER.test(pointed) && pointed !== typed ? ` Did you mean ${pointed}?` : "";
    return { code: "not-a-number", detail: `Expected a number, found “${typed}”.${hint}` };
  }
  const [, sign, whole = "0", fraction, exponent] = match;
  const digits = whole.replace(/^0+(?=\d)/, "") + (fraction ? `.${fraction}` : "");
  return { json: (sign === "-" ? "-" : "") + digits + (exponent ? `e${exponent}` : "") };
}

/**
 * @param {Input} input
 * @param {string} typed
 */
function categoryOf(input, typed) {
  const known = input.categories?.find((category) => String(category.value) === typed);
  return known ? known.value : typed;
}

/**
 * @param {Input[]} inputs
 * @param {string} name
 */
function allowsMissing(inputs, name) {
  return inputs.some((input) => input.name === name && input.missing_allowed);
}

/**
 * @param {Input} input
 * @param {string} code
 * @param {string} detail
 * @returns {Fault}
 */
function faultOf(input, code, detail) {
  return { input: input.name, pointer: "", code, detail };
}
