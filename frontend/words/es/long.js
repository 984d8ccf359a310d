/** Words for a form with many inputs. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const otherInputs = "Otras entradas";
export const mostImportant = "Las más importantes";
export const firstInputs = "Primeras entradas";
export const byImportance = "Por importancia";
export const asInTheModel = "Como en el modelo";
export const byName = "Por nombre";
export const filterInputs = "Filtrar entradas";
export const orderOfTheInputs = "Orden de las entradas";
export const noInputMatches = "Ninguna entrada coincide.";
/** @type {typeof import("../en/long.js").thisLinkIsOfVersion} */
export const thisLinkIsOfVersion = (base, version) =>
  `Este enlace es de la versión ${base}. Las entradas que omite tienen los valores típicos de la versión ${version}.`;
/** @type {typeof import("../en/long.js").inputsFromTo} */
export const inputsFromTo = (from, to) => `Entradas ${count(from)} a ${count(to)}`;
/** @type {typeof import("../en/long.js").sectionFromTo} */
export const sectionFromTo = (title, from, to) => `${title}, ${count(from)} a ${count(to)}`;
/** @type {typeof import("../en/long.js").allTypical} */
export const allTypical = (inputs) =>
  plural(inputs, { one: "1 entrada, típica", other: `${count(inputs)} entradas, todas típicas` });
/** @type {typeof import("../en/long.js").someNotTypical} */
export const someNotTypical = (inputs, changed) =>
  plural(inputs, {
    one: "1 entrada, 1 no típica",
    other: `${count(inputs)} entradas, ${count(changed)} no típicas`,
  });
/** @type {typeof import("../en/long.js").filterSome} */
export const filterSome = (inputs) => `Filtrar ${count(inputs)} entradas`;
/** @type {typeof import("../en/long.js").typeMore} */
export const typeMore = (more) => `${count(more)} más: escribe más letras del nombre.`;
/** @type {typeof import("../en/long.js").toFix} */
export const toFix = (faulty) => `${count(faulty)} por corregir,`;
/** @type {typeof import("../en/long.js").foundInputs} */
export const foundInputs = (found, all) => `${count(found)} de ${count(all)} entradas`;
