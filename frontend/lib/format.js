/** Numbers as people read them. */

import { LOCALE } from "#words/language";

/**
 * @param {number} probability 0 to 1
 * @returns {string} never "100%" or "0%", which no model knows
 */
export function percent(probability) {
  if (probability > 0.9995) return `> ${percentFormat.format(0.999)}`;
  if (probability < 0.0005) return `< ${percentFormat.format(0.001)}`;
  return percentFormat.format(probability);
}

/**
 * @param {number} probability 0 to 1, as a model states it
 * @param {number | null | undefined} rows that it was trained on; ten rows cannot show one in a thousand
 * @returns {string} a probability nearer to 0 or 1 than one in so many rows as that limit
 */
export function percentOf(probability, rows) {
  const least = 1 / ((rows ?? Infinity) + 1);
  if (least > 0.0005 && probability > 1 - least) return `> ${whole(floored(1 - least))}`;
  if (least > 0.0005 && probability < least) return `< ${whole(1 - floored(1 - least))}`;
  return percent(probability);
}

/** @param {number} share as whole percents that it is not below; as tenths beyond 99% */
function floored(share) {
  return share < 0.99 ? Math.floor(100 * share) / 100 : Math.floor(1000 * share) / 1000;
}

export const percentFormat = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

const wholeFormat = new Intl.NumberFormat(LOCALE, { style: "percent" });

/**
 * @param {number} value
 * @param {number | null | undefined} decimals where there are none, as many significant digits,
 *   but never fewer than stand before the point
 * @param {number} [significant]
 * @returns {string}
 */
export function quantity(value, decimals, significant = 6) {
  return written(
    value,
    typeof decimals === "number"
      ? { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
      : digits(significant),
  );
}

/**
 * @param {number} value
 * @param {number} [significant]
 * @returns {string} as it stands at an axis: no mark in 2011, which may be a year
 */
export function tick(value, significant = 6) {
  return written(value, { ...digits(significant), useGrouping: /** @type {any} */ ("min2") });
}

/**
 * Digits are left out behind the decimal point only: a zero in place of one before it would be read
 * as exact.
 * @param {number} significant
 * @returns {Intl.NumberFormatOptions}
 */
export function digits(significant) {
  return {
    maximumSignificantDigits: significant,
    maximumFractionDigits: 0,
    roundingPriority: "morePrecision",
  };
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string} with a minus sign, which nothing has before it
 */
export function written(value, options) {
  return new Intl.NumberFormat(LOCALE, options)
    .format(value)
    .replace(/^-(?=[0.]*$)/, "")
    .replace("-", "\u2212");
}

/**
 * @param {number} value
 * @returns {string}
 */
export function count(value) {
  return written(value);
}

/**
 * @param {number} share
 * @returns {string} whole percents
 */
export function percentRound(share) {
  return wholeFormat.format(share);
}

/**
 * @param {number} value
 * @param {number | null | undefined} decimals
 * @param {number} spread of the values around it: where no decimals are given, three digits of it,
 *   and twelve in all, since a computed number is not exact beyond that
 * @returns {string}
 */
export function fitting(value, decimals, spread) {
  const fine = Math.min(2 - powerOf(spread), 11 - powerOf(value), 20);
  return quantity(value, decimals ?? Math.max(0, fine));
}

/** @param {number} value */
function powerOf(value) {
  return Math.floor(Math.log10(Math.abs(value) || 1));
}

/**
 * @param {string} figure
 * @param {string | null | undefined} unit
 * @returns {string}
 */
export function withUnit(figure, unit) {
  return unit ? `${figure} ${unit}` : figure;
}

/**
 * @param {number} part
 * @returns {string} whole percents, except where that would say all or nothing
 */
export function whole(part) {
  const rounded = Math.round(100 * part);
  const isEnd = (rounded === 100 && part < 1) || (rounded === 0 && part > 0);
  return isEnd ? percent(part) : percentRound(part);
}
