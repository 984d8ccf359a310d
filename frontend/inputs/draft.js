/** What a person typed, and the JSON that it stands for: exactly, or not at all. */

/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */
/** @typedef {{json: string} | {code: string, detail: string}} Reading */

const NUMBER = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * @param {Input[]} inputs
 * @param {Draft} draft
 * @returns {{members: [name: string, json: string][], faults: Fault[]}} one instance, member by
 *   member, each value as JSON text; and what is wrong with it
 */
export function instanceOf(inputs, draft) {
  /** @type {[string, string][]} */
  const members = [];
  /** @type {Fault[]} */
  const faults = [];
  for (const input of inputs) {
    const reading = readingOf(input, typedIn(draft, input.name));
    if ("json" in reading) members.push([input.name, reading.json]);
    else faults.push({ input: input.name, pointer: "", ...reading });
  }
  return { members, faults };
}

/**
 * @param {[name: string, json: string][]} members
 * @param {Record<string, unknown>} [beside] what else is said, such as a target
 * @returns {string} the body of a request
 */
export function bodyOf(members, beside = {}) {
  const inputs = members.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(", ");
  const others = Object.entries(beside).map(
    ([name, value]) => `, ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{"inputs": {${inputs}}${others.join("")}}`;
}

/**
 * An input may be called `constructor`: only what was typed counts, not what every object has.
 * @param {Draft} draft
 * @param {string} name
 * @returns {string | null | undefined}
 */
export function typedIn(draft, name) {
  return Object.hasOwn(draft, name) ? draft[name] : undefined;
}

/**
 * @param {Draft} draft
 * @returns {boolean} whether nothing was typed
 */
export function isBlank(draft) {
  return Object.values(draft).every((typed) => typed === null || typed === "");
}

/**
 * @param {Draft} a
 * @param {Draft} b
 * @returns {boolean} whether they ask the same
 */
export function isSame(a, b) {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const said = (/** @type {Draft} */ draft, /** @type {string} */ name) =>
    typedIn(draft, name) === "" ? undefined : typedIn(draft, name);
  return [...names].every((name) => said(a, name) === said(b, name));
}

/**
 * @param {Input[]} inputs
 * @param {Record<string, import("../lib/types.js").Scalar | null>} values
 * @returns {Draft} what a person would have typed for the values
 */
export function draftOf(inputs, values) {
  const entries = inputs.map((input) => {
    const value = Object.hasOwn(values, input.name) ? values[input.name] : null;
    return /** @type {const} */ ([input, value === null ? null : String(value)]);
  });
  return Object.fromEntries(
    entries
      .filter(([input, typed]) => typed !== null || input.missing_allowed)
      .map(([input, typed]) => [input.name, typed]),
  );
}

/**
 * What can be told at once is told here, in the words of the server; the rest it tells itself.
 * @param {Input} input
 * @param {string | null | undefined} typed
 * @returns {Reading}
 */
function readingOf(input, typed) {
  if (typed === null && input.missing_allowed) return { json: "null" };
  if (typed === null || typed === undefined || typed.trim() === "") {
    return { code: "missing", detail: "Please give a value." };
  }
  switch (input.type) {
    case "number":
    case "integer":
      return quantityOf(input, typed.trim());
    case "boolean":
      return truthOf(typed);
    case "category":
      return { json: JSON.stringify(categoryOf(input, typed)) };
    case "text":
      return textOf(input, typed);
    default:
      return { json: JSON.stringify(typed) };
  }
}

/**
 * @param {string} typed
 * @returns {Reading}
 */
function truthOf(typed) {
  if (typed === "true" || typed === "false") return { json: typed };
  return { code: "not-a-boolean", detail: `Expected true or false, found “${typed}”.` };
}

/**
 * @param {Input} input
 * @param {string} typed
 * @returns {Reading}
 */
function quantityOf(input, typed) {
  const json = digitsOf(typed);
  if (json === null) return { code: "not-a-number", detail: notANumber(typed) };
  const value = Number(json);
  if (input.type === "integer" && !Number.isInteger(value)) {
    return { code: "not-an-integer", detail: `Expected a whole number, found ${json}.` };
  }
  const { minimum, maximum, unit } = input;
  const words = (/** @type {number} */ limit) => (unit ? `${limit} ${unit}` : `${limit}`);
  if (typeof minimum === "number" && value < minimum) {
    return { code: "below-minimum", detail: `Expected ${words(minimum)} or more, found ${json}.` };
  }
  if (typeof maximum === "number" && value > maximum) {
    return { code: "above-maximum", detail: `Expected ${words(maximum)} or less, found ${json}.` };
  }
  return { json };
}

/**
 * Digits are only moved, never computed: what is sent is what was typed.
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

/** @param {string} typed */
function notANumber(typed) {
  const pointed = typed.replace(",", ".");
  const hint = pointed !== typed && digitsOf(pointed) ? ` Did you mean ${pointed}?` : "";
  return `Expected a number, found “${typed}”.${hint}`;
}

/**
 * @param {Input} input
 * @param {string} typed
 * @returns {Reading}
 */
function textOf({ max_length }, typed) {
  const length = [...typed].length;
  if (max_length && length > max_length) {
    const detail = `Expected at most ${max_length} characters, found ${length}.`;
    return { code: "too-long", detail };
  }
  return { json: JSON.stringify(typed) };
}

/**
 * @param {Input} input
 * @param {string} typed
 */
function categoryOf({ categories }, typed) {
  const known = categories?.find((category) => String(category.value) === typed);
  return known ? known.value : typed;
}
