/** Words for a pasted row. */

import { count } from "../../lib/format.js";

export const pasteFormats = "CSV, TSV o JSON, con nombres o en el orden de abajo";
export const fillIn = "Rellenar";
export const noInputNamed =
  "No se ha rellenado nada: ningún nombre corresponde a una entrada de este modelo.";
/** @type {typeof import("../en/paste.js").notInIt} */
export const notInIt = (labels) => `No está incluido: ${labels}.`;
/** @type {typeof import("../en/paste.js").leftOut} */
export const leftOut = (names) => `No es una entrada, se omite: ${names}.`;
/** @type {typeof import("../en/paste.js").rowFilledIn} */
export const rowFilledIn = (values) => `Fila rellenada: ${values}.`;
/** @type {typeof import("../en/paste.js").firstFilledIn} */
export const firstFilledIn = (rows, values) =>
  `Rellenada la primera de ${count(rows)} filas: ${values}.`;
export const invalidJson = "No se ha rellenado nada: esto no es JSON válido.";
/** @type {typeof import("../en/paste.js").expectedValues} */
export const expectedValues = (expected, found) =>
  `No se ha rellenado nada: se esperaban ${count(expected)} valores en el orden del formulario, o una línea de nombres encima; se encontraron ${count(found)}.`;
