/** Sentences about a model that changes while its page is open. */

import * as say from "#words/renewal";

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
    say.versionIsServedNow(after.version),
    added && say.itAlsoAsksFor(added),
    removed && say.itNoLongerAsksFor(removed),
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
