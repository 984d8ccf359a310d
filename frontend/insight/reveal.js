/** Ways from a remark on an input to the input itself. */

/**
 * @param {string} name of an input
 * @returns {HTMLElement | null} its control in the form
 */
export function controlOf(name) {
  const fields = [...document.querySelectorAll("servery-field")];
  const field = fields.find(
    (each) =>
      /** @type {import("../inputs/servery-field.js").ServeryField} */ (each).input?.name === name,
  );
  return (
    field?.querySelector(":checked:not([type=checkbox])") ??
    field?.querySelector("input:not([type=range], [type=checkbox]), select, textarea") ??
    null
  );
}

/** @param {string} name of an input, whose section opens where it is folded */
export async function goTo(name) {
  const long = document.querySelector("servery-long-form");
  if (long && !controlOf(name)) {
    await /** @type {import("../ask/long/servery-long-form.js").ServeryLongForm} */ (long).reveal(
      name,
    );
  }
  controlOf(name)?.focus();
}

/** @param {string} selector of what is brought into sight, no farther than it must */
export function reveal(selector) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  document.querySelector(selector)?.scrollIntoView({ behavior, block: "nearest" });
}
