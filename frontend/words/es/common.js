/** Words that several features use. */

import { count } from "../../lib/format.js";

export const rows = "Filas";
export const predicted = "Predicho";
export const notKnown = "desconocido";
export const probabilities = "Probabilidades";
export const likelyBetween = "Probablemente entre";
export const tryAgainNow = "Reintentar ahora";
export const input = "Entrada";
export const standardError = "Error estándar";
export const showTheNumbers = "Mostrar los números";
export const value = "Valor";
export const addYourModel = "Añadir tu modelo";
export const tryIt = "Probar";
export const copy = "Copiar";
export const inputs = "Entradas";
export const request = "Solicitud";
export const tryNow = "Probar ahora";
export const warnings = "Advertencias";
export const ask = "Preguntar";
export const share = "Proporción";
export const doesNotFit = "No encaja con esta versión del modelo.";
export const searching = "Buscando…";
export const tried = "Probado";
export const tryAgain = "Reintentar";
/** @type {typeof import("../en/common.js").quoted} */
export const quoted = (text) => `«${text}»`;
/** @type {typeof import("../en/common.js").range} */
export const range = (low, high) => `${low} a ${high}`;
export const sameSource = "Esto vale para filas nuevas de la misma procedencia que las medidas.";
export const actual = "Real";
export const prediction = "Predicción";
export const whatInfluencedIt = "Qué influyó en el resultado";
export const whatIf = "Qué pasaría si";
/** @type {typeof import("../en/common.js").andMore} */
export const andMore = (named, more) => `${named} y ${count(more)} más`;
export const noVerdict = "Sin veredicto";
/** @type {typeof import("../en/common.js").showTheFirst} */
export const showTheFirst = (first) => `Mostrar solo los ${count(first)} primeros`;
/** @type {typeof import("../en/common.js").showAll} */
export const showAll = (all) => `Mostrar los ${count(all)}`;
export const undo = "Deshacer";
