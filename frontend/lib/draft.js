/** What a person typed, before anything is read from it. */

/** @typedef {import("./types.js").Draft} Draft */

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
 * @param {import("./types.js").Scalar | null | undefined} value
 * @returns {string | null} what a person would have typed for it; null means "not known"
 */
export function typedFor(value) {
  return value === null || value === undefined ? null : String(value);
}

/** From so many inputs on, a form has sections, and its address holds what is not typical. */
const MANY = 12;

/** @param {readonly unknown[]} inputs of a model */
export function isLong(inputs) {
  return inputs.length >= MANY;
}

/**
 * @param {readonly import("./types.js").Input[]} inputs
 * @returns {Draft} their typical values, as far as these are known
 */
export function typicalDraft(inputs) {
  const known = inputs.filter((input) => input.typical !== null || input.missing_allowed);
  return Object.fromEntries(known.map((input) => [input.name, typedFor(input.typical)]));
}

/**
 * @param {import("./types.js").Facts | null} facts
 * @returns {import("./address.js").Base | null} what an address of the model may leave out
 */
export function baseOf(facts) {
  if (!facts || !isLong(facts.signature.inputs)) return null;
  return { version: facts.version, draft: typicalDraft(facts.signature.inputs) };
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
  const textOf = (/** @type {Draft} */ draft, /** @type {string} */ name) =>
    typedIn(draft, name) === "" ? undefined : typedIn(draft, name);
  return [...names].every((name) => textOf(a, name) === textOf(b, name));
}
