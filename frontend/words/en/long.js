/** Words for a form with many inputs. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const otherInputs = "Other inputs";
export const mostImportant = "Most important";
export const firstInputs = "First inputs";
export const byImportance = "By importance";
export const asInTheModel = "As in the model";
export const byName = "By name";
export const filterInputs = "Filter inputs";
export const orderOfTheInputs = "Order of the inputs";
export const noInputMatches = "No input matches.";
/** @type {(base: string, version: string) => string} */
export const thisLinkIsOfVersion = (base, version) =>
  `This link is of version ${base}. Inputs that it leaves out have the typical values of version ${version}.`;
/** @type {(from: number, to: number) => string} */
export const inputsFromTo = (from, to) => `Inputs ${count(from)} to ${count(to)}`;
/** @type {(title: string, from: number, to: number) => string} */
export const sectionFromTo = (title, from, to) => `${title}, ${count(from)} to ${count(to)}`;
/** @type {(inputs: number) => string} */
export const allTypical = (inputs) =>
  plural(inputs, { one: "1 input, typical", other: `${count(inputs)} inputs, all typical` });
/** @type {(inputs: number, changed: number) => string} */
export const someNotTypical = (inputs, changed) =>
  plural(inputs, {
    one: "1 input, 1 not typical",
    other: `${count(inputs)} inputs, ${count(changed)} not typical`,
  });
/** @type {(inputs: number) => string} */
export const filterSome = (inputs) => `Filter ${count(inputs)} inputs`;
/** @type {(more: number) => string} */
export const typeMore = (more) => `${count(more)} more: type more of the name.`;
/** @type {(faulty: number) => string} */
export const toFix = (faulty) => `${count(faulty)} to fix,`;
/** @type {(found: number, all: number) => string} */
export const foundInputs = (found, all) => `${count(found)} of ${count(all)} inputs`;
