/** Words for a form with many inputs. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const otherInputs = "Weitere Eingaben";
export const mostImportant = "Die wichtigsten";
export const firstInputs = "Die ersten Eingaben";
export const byImportance = "Nach Wichtigkeit";
export const asInTheModel = "Wie im Modell";
export const byName = "Nach Namen";
export const filterInputs = "Eingaben filtern";
export const orderOfTheInputs = "Reihenfolge der Eingaben";
export const noInputMatches = "Keine Eingabe passt.";
/** @type {typeof import("../en/long.js").thisLinkIsOfVersion} */
export const thisLinkIsOfVersion = (base, version) =>
  `Dieser Link gehört zu Version ${base}. Eingaben, die er auslässt, haben die typischen Werte von Version ${version}.`;
/** @type {typeof import("../en/long.js").inputsFromTo} */
export const inputsFromTo = (from, to) => `Eingaben ${count(from)} bis ${count(to)}`;
/** @type {typeof import("../en/long.js").sectionFromTo} */
export const sectionFromTo = (title, from, to) => `${title}, ${count(from)} bis ${count(to)}`;
/** @type {typeof import("../en/long.js").allTypical} */
export const allTypical = (inputs) =>
  plural(inputs, { one: "1 Eingabe, typisch", other: `${count(inputs)} Eingaben, alle typisch` });
/** @type {typeof import("../en/long.js").someNotTypical} */
export const someNotTypical = (inputs, changed) =>
  plural(inputs, {
    one: "1 Eingabe, 1 nicht typisch",
    other: `${count(inputs)} Eingaben, ${count(changed)} nicht typisch`,
  });
/** @type {typeof import("../en/long.js").filterSome} */
export const filterSome = (inputs) => `${count(inputs)} Eingaben filtern`;
/** @type {typeof import("../en/long.js").typeMore} */
export const typeMore = (more) => `${count(more)} weitere: Tippen Sie mehr vom Namen.`;
/** @type {typeof import("../en/long.js").toFix} */
export const toFix = (faulty) => `${count(faulty)} zu korrigieren,`;
/** @type {typeof import("../en/long.js").foundInputs} */
export const foundInputs = (found, all) => `${count(found)} von ${count(all)} Eingaben`;
