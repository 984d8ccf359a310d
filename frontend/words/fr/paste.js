/** Words for a pasted row. */

import { count } from "../../lib/format.js";

export const pasteFormats = "CSV, TSV ou JSON, avec des noms ou dans l’ordre ci-dessous";
export const fillIn = "Remplir";
export const noInputNamed =
  "Rien n’a été rempli : aucun nom n’y correspond à une entrée de ce modèle.";
/** @type {typeof import("../en/paste.js").notInIt} */
export const notInIt = (labels) => `Absent : ${labels}.`;
/** @type {typeof import("../en/paste.js").leftOut} */
export const leftOut = (names) => `N’est pas une entrée, laissé de côté : ${names}.`;
/** @type {typeof import("../en/paste.js").rowFilledIn} */
export const rowFilledIn = (values) => `Ligne remplie : ${values}.`;
/** @type {typeof import("../en/paste.js").firstFilledIn} */
export const firstFilledIn = (rows, values) =>
  `Première de ${count(rows)} lignes remplie : ${values}.`;
export const invalidJson = "Rien n’a été rempli : ce n’est pas du JSON valide.";
/** @type {typeof import("../en/paste.js").expectedValues} */
export const expectedValues = (expected, found) =>
  `Rien n’a été rempli : ${count(expected)} valeurs attendues dans l’ordre du formulaire, ou une ligne de noms au-dessus ; ${count(found)} trouvées.`;
