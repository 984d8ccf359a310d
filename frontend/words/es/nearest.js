/** Words for measured rows near an answer. */

import { count } from "../../lib/format.js";

export const similarRowsInTheData = "Filas parecidas en los datos";
export const nearestLead =
  "Filas con resultado conocido, predichas por un ajuste que no las vio. Las más cercanas son aquellas cuyas diferencias menos importan al modelo.";
export const showSimilarRows = "Mostrar filas parecidas";
export const moreRows = "Más filas";
export const theSameInputs = "Las mismas entradas";
export const noneClose =
  "Ninguna fila medida está cerca de estas entradas, así que no se dice nada sobre errores aquí. Estas filas son las que menos difieren.";
/** @type {typeof import("../en/nearest.js").predictedNumber} */
export const predictedNumber = (figure) => `predicho: ${figure}`;
export const predictedCorrectly = "predicho correctamente";
/** @type {typeof import("../en/nearest.js").predictedClass} */
export const predictedClass = (name) => `predicho: «${name}»`;
/** @type {typeof import("../en/nearest.js").notCompared} */
export const notCompared = (inputs) => `No se compara: ${inputs}.`;
export const noRows = "No se pudieron cargar las filas.";
/** @type {typeof import("../en/nearest.js").more} */
export const more = (more) => `${count(more)} más`;
/** @type {typeof import("../en/nearest.js").tooFewKept} */
export const tooFewKept = (rows) =>
  `Solo se conservan ${count(rows)} filas: muy pocas para indicar errores cerca de una respuesta.`;
/** @type {typeof import("../en/nearest.js").rightNearby} */
export const rightNearby = (rows, right, share, low, high) =>
  `De las ${count(rows)} filas medidas más cercanas a estas entradas, ${count(right)} se predijeron correctamente: ${share} (intervalo del 95 %: ${low} a ${high}).`;
/** @type {typeof import("../en/nearest.js").errorNearby} */
export const errorNearby = (rows, error, low, high) =>
  `En las ${count(rows)} filas medidas más cercanas a estas entradas, las predicciones se desviaron ${error} de media (intervalo del 95 %: ${low} a ${high}).`;
/** @type {typeof import("../en/nearest.js").rightOfAll} */
export const rightOfAll = (rows, share) =>
  `En el total de ${count(rows)} filas conservadas, es ${share}.`;
/** @type {typeof import("../en/nearest.js").errorOfAll} */
export const errorOfAll = (rows, error) =>
  `En el total de ${count(rows)} filas conservadas, es ${error}.`;
/** @type {typeof import("../en/nearest.js").tooHigh} */
export const tooHigh = (off) => `Cerca de estas entradas fueron demasiado altas, ${off} de media.`;
/** @type {typeof import("../en/nearest.js").tooLow} */
export const tooLow = (off) => `Cerca de estas entradas fueron demasiado bajas, ${off} de media.`;
/** @type {typeof import("../en/nearest.js").intervalHeld} */
export const intervalHeld = (stated, held, rows) =>
  `El intervalo de predicción del ${stated} contuvo el resultado de ${count(held)} de ${count(rows)}.`;
/** @type {typeof import("../en/nearest.js").setHeld} */
export const setHeld = (stated, held, rows) =>
  `El conjunto de predicción del ${stated} contuvo el resultado de ${count(held)} de ${count(rows)}.`;
