/** What the server says by a code, in the language of the page; in English, its own words. */

import { LOCALE } from "#words/language";
import * as say from "#words/server";
import { quantity } from "../lib/format.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Problem} Problem */
/** @typedef {import("../lib/types.js").Warning} Warning */

const isEnglish = LOCALE.startsWith("en");

/** @type {Record<string, string>} */
const SAID = isEnglish
  ? {}
  : {
      "unknown-category": say.neverSeen,
      "unusual-combination": say.rarelyTogether,
      "assumed-missing": say.assumedMissing,
      "not-an-integer": say.wholeNumber,
      "not-a-number": say.number,
      "not-a-boolean": say.trueOrFalse,
      "not-a-category": say.knownCategory,
      "not-a-date": say.date,
      "not-text": say.text,
    };

/**
 * @param {Facts} facts
 * @param {Warning} warning
 * @returns {string} the server's own words where the page has none for the code
 */
export function warningSaid({ signature: { inputs } }, { input, code, detail }) {
  const { minimum, maximum } = inputs.find(({ name }) => name === input)?.training_stats ?? {};
  const isRange = typeof minimum === "number" && typeof maximum === "number";
  if (!isEnglish && isRange && code === "outside-training-range") {
    return say.seenInTraining(quantity(minimum, null), quantity(maximum, null));
  }
  return SAID[code] ?? detail;
}

/**
 * @param {Problem} problem that the server had
 * @returns {Problem} with its faults in the language of the page
 */
export function problemSaid(problem) {
  if (isEnglish) return problem;
  const errors = problem.errors.map((each) => ({
    ...each,
    detail: SAID[each.code] ?? each.detail,
  }));
  return { ...problem, errors };
}
