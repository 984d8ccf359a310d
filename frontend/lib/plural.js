/** Which form of a sentence goes with a number. */

import { LOCALE } from "#words/language";

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Forms */

const rules = new Intl.PluralRules(LOCALE);

/**
 * @param {number} value
 * @param {Forms} forms by what `Intl` calls the number in this language
 * @returns {string}
 */
export function plural(value, forms) {
  return forms[rules.select(value)] ?? forms.other;
}
