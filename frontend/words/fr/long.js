/** Words for a form with many inputs. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const otherInputs = "Autres entrées";
export const mostImportant = "Les plus importantes";
export const firstInputs = "Premières entrées";
export const byImportance = "Par importance";
export const asInTheModel = "Comme dans le modèle";
export const byName = "Par nom";
export const filterInputs = "Filtrer les entrées";
export const orderOfTheInputs = "Ordre des entrées";
export const noInputMatches = "Aucune entrée ne correspond.";
/** @type {typeof import("../en/long.js").thisLinkIsOfVersion} */
export const thisLinkIsOfVersion = (base, version) =>
  `Ce lien est de la version ${base}. Les entrées qu’il omet ont les valeurs typiques de la version ${version}.`;
/** @type {typeof import("../en/long.js").inputsFromTo} */
export const inputsFromTo = (from, to) => `Entrées ${count(from)} à ${count(to)}`;
/** @type {typeof import("../en/long.js").sectionFromTo} */
export const sectionFromTo = (title, from, to) => `${title}, ${count(from)} à ${count(to)}`;
/** @type {typeof import("../en/long.js").allTypical} */
export const allTypical = (inputs) =>
  plural(inputs, {
    one: `${count(inputs)} entrée, typique`,
    other: `${count(inputs)} entrées, toutes typiques`,
  });
/** @type {typeof import("../en/long.js").someNotTypical} */
export const someNotTypical = (inputs, changed) =>
  plural(inputs, {
    one: `${count(inputs)} entrée, ${count(inputs)} non typique`,
    other: `${count(inputs)} entrées, ${count(changed)} non typiques`,
  });
/** @type {typeof import("../en/long.js").filterSome} */
export const filterSome = (inputs) => `Filtrer ${count(inputs)} entrées`;
/** @type {typeof import("../en/long.js").typeMore} */
export const typeMore = (more) => `${count(more)} de plus : saisissez davantage du nom.`;
/** @type {typeof import("../en/long.js").toFix} */
export const toFix = (faulty) => `${count(faulty)} à corriger,`;
/** @type {typeof import("../en/long.js").foundInputs} */
export const foundInputs = (found, all) => `${count(found)} entrées sur ${count(all)}`;
