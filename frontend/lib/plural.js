/** Which form of a sentence goes with a number. */

import { LOCALE } from "#words/language";

/** @typedef {{one?: string, other: string}} Forms by the plural categories of `Intl` */

const rules = new Intl.PluralRules(LOCALE);

/**
 * @param {number} value
 * @param {Forms} forms
 * @returns {string}
 */
export function plural(value, forms) {
  return (rules.select(value) === "one" && forms.one) || forms.other;
}
