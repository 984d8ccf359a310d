/** How a form of many inputs is laid out: its sections, their order, and what a search finds. */

import * as say from "#words/long";
import { typedFor, typedIn } from "../../lib/draft.js";
import { LOCALE } from "#words/language";

/** @typedef {import("../../lib/types.js").Input} Input */
/** @typedef {import("../../lib/types.js").Draft} Draft */
/** @typedef {{input: Input, at: number}} Placed an input and its place in the signature */
/** @typedef {{title: string, placed: readonly Placed[]}} Section */
/** @typedef {"importance" | "model" | "name"} Order */

/** So many inputs are in sight at first. */
const FIRST = 8;
/** A section with more is cut, so that none fills the page. */
const LARGEST = 25;
const OTHERS = say.otherInputs;

/**
 * @param {readonly Input[]} inputs
 * @param {Order} order
 * @param {readonly string[] | null} ranks names, the most important first
 * @returns {Section[]} the first of which is open at first
 */
export function sectionsOf(inputs, order, ranks) {
  const placed = ordered(
    inputs.map((input, at) => ({ input, at })),
    order,
    ranks,
  );
  const groups = [...new Set(inputs.map(({ group }) => group).filter((group) => group !== null))];
  const isByRank = order === "importance";
  const head = isByRank || groups.length === 0 ? placed.slice(0, FIRST) : [];
  const rest = placed.slice(head.length);
  const first = { title: isByRank ? say.mostImportant : say.firstInputs, placed: head };
  if (groups.length === 0) return [first, ...cut(OTHERS, rest, FIRST)];
  const sections = [...groups, null].flatMap((group) =>
    cut(
      group ?? OTHERS,
      rest.filter(({ input }) => (input.group ?? null) === group),
      0,
    ),
  );
  return head.length > 0 ? [first, ...sections] : sections;
}

/**
 * @param {readonly Placed[]} placed
 * @param {Order} order
 * @param {readonly string[] | null} ranks
 */
function ordered(placed, order, ranks) {
  const rank = new Map(ranks?.map((name, at) => [name, at]));
  const place = (/** @type {Placed} */ { input, at }) => rank.get(input.name) ?? rank.size + at;
  if (order === "importance") return [...placed].sort((a, b) => place(a) - place(b));
  if (order === "model") return placed;
  const { compare } = new Intl.Collator(LOCALE, { numeric: true });
  return [...placed].sort((a, b) => compare(a.input.label, b.input.label));
}

/**
 * @param {string} title
 * @param {readonly Placed[]} placed
 * @param {number} before how many inputs stand before them
 * @returns {Section[]}
 */
function cut(title, placed, before) {
  if (placed.length <= LARGEST) return placed.length > 0 ? [{ title, placed }] : [];
  const parts = Math.ceil(placed.length / LARGEST);
  return Array.from({ length: parts }, (_, part) => {
    const from = part * LARGEST;
    const each = placed.slice(from, from + LARGEST);
    const ends = /** @type {const} */ ([before + from + 1, before + from + each.length]);
    const name = before > 0 ? say.inputsFromTo(...ends) : say.sectionFromTo(title, ...ends);
    return { title: name, placed: each };
  });
}

/**
 * @param {Input} input
 * @param {Draft} draft
 * @returns {boolean} whether its value is another than the typical one
 */
export function isChanged(input, draft) {
  return (typedIn(draft, input.name) ?? null) !== typedFor(input.typical);
}

/**
 * @param {Section} section
 * @param {Draft} draft
 * @returns {string} how many inputs it has, and how many of them hold another value than usual
 */
export function sectionText({ placed }, draft) {
  const changed = placed.filter(({ input }) => isChanged(input, draft)).length;
  return changed === 0 ? say.allTypical(placed.length) : say.someNotTypical(placed.length, changed);
}

/**
 * @param {readonly Input[]} inputs
 * @param {string} sought words, all of which must be in the name or the label
 * @returns {Placed[]}
 */
export function foundIn(inputs, sought) {
  const words = plain(sought).split(/\s+/);
  return inputs
    .map((input, at) => ({ input, at }))
    .filter(({ input: { name, label, group } }) => {
      const text = plain(`${name} ${label} ${group ?? ""}`);
      return words.every((word) => text.includes(word));
    });
}

/** @param {string} text without case and accents */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * @param {readonly Section[]} sections
 * @param {(input: Input) => boolean} concerns
 * @returns {string[]} the titles of the sections that have such an input
 */
export function sectionsWith(sections, concerns) {
  return sections
    .filter(({ placed }) => placed.some(({ input }) => concerns(input)))
    .map(({ title }) => title);
}
