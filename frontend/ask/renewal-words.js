/** Sentences about a model that changes while its page is open. */

/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * @param {Facts} before
 * @param {Facts} after
 * @returns {string} that another version is served, and which inputs came and went with it
 */
export function renewalText(before, after) {
  const added = labelsOnlyIn(after, before);
  const removed = labelsOnlyIn(before, after);
  const parts = [
    `Version ${after.version} is served now.`,
    added && `It also asks for: ${added}.`,
    removed && `It no longer asks for: ${removed}.`,
  ];
  return parts.filter(Boolean).join(" ");
}

/**
 * @param {Facts} these
 * @param {Facts} those
 */
function labelsOnlyIn(these, those) {
  const known = new Set(those.signature.inputs.map((input) => input.name));
  const others = these.signature.inputs.filter((input) => !known.has(input.name));
  return others.map((input) => input.label).join(", ");
}
