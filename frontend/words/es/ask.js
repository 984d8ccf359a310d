/** Words for a question and its answer. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const answer = "Respuesta";
export const beforeYourChange = "Antes de tu cambio";
export const asking = "Preguntando…";
export const ready = "Listo";
export const howToBegin =
  "Rellena las entradas o parte de un ejemplo. La respuesta cambia mientras escribes.";
export const examples = "Ejemplos";
export const clear = "Vaciar";
export const typical = "Típico";
export const pasteARow = "Pegar una fila";
/** @type {typeof import("../en/ask.js").probability} */
export const probability = (chance) => `Probabilidad ${chance}`;
/** @type {typeof import("../en/ask.js").calledFrom} */
export const calledFrom = (label, value) => `Se predice «${label}» a partir de ${value}.`;
export const moreThan99In100 = "más de 99 de cada 100";
export const fewerThan1In100 = "menos de 1 de cada 100";
export const aCloseCall = "Caso muy ajustado.";
export const nothingMeasuredHere =
  "No se indica exactitud, porque no se ha medido nada con entradas como estas.";
/** @type {typeof import("../en/ask.js").itReachesFromTo} */
export const itReachesFromTo = (first, last) => `Abarca de «${first}» a «${last}».`;
export const outsideTrainingRange =
  "está fuera del rango con el que se entrenó el modelo, así que la respuesta no es fiable.";
export const unusualTogether = "Combinación inusual";
export const theInputsTogether = "Las entradas en conjunto";
export const stillWorking = "Calculando todavía…";
export const fillInTheRest = "Rellena el resto para obtener una respuesta.";
export const unreachableKept =
  "El servidor no responde. Lo que has escrito se conserva. Se reintenta automáticamente.";
export const theServerRefused = "El servidor lo rechazó.";
/** @type {typeof import("../en/ask.js").ignoredInputs} */
export const ignoredInputs = (names) =>
  `Se ignora, porque el modelo no tiene esa entrada: ${names}.`;
/** @type {typeof import("../en/ask.js").answeredIn} */
export const answeredIn = (milliseconds, warnings) =>
  `Respondido en ${count(milliseconds)} ms${warnings > 0 ? `, con ${plural(warnings, { one: "1 advertencia", other: `${count(warnings)} advertencias` })}` : ""}`;
/** @type {typeof import("../en/ask.js").warningCount} */
export const warningCount = (warnings) =>
  plural(warnings, { one: "1 advertencia", other: `${count(warnings)} advertencias` });
/** @type {typeof import("../en/ask.js").aboutIn100} */
export const aboutIn100 = (hundredths) => `unas ${count(hundredths)} de cada 100`;
/** @type {typeof import("../en/ask.js").aboutIn10} */
export const aboutIn10 = (tenths) => `unas ${count(tenths)} de cada 10`;
/** @type {typeof import("../en/ask.js").rightOfFew} */
export const rightOfFew = (rows, right) =>
  plural(rows, {
    one: `La única respuesta así sobre filas no vistas fue ${right === 1 ? "correcta" : "incorrecta"}.`,
    other: `De ${count(rows)} respuestas así sobre filas no vistas, ${count(right)} ${right === 1 ? "fue correcta" : "fueron correctas"}.`,
  });
/** @type {typeof import("../en/ask.js").rightOfMany} */
export const rightOfMany = (rows, share, low, high) =>
  `De ${count(rows)} respuestas así sobre filas no vistas, ${share} fueron correctas (intervalo del 95 %: ${low} a ${high}).`;
/** @type {typeof import("../en/ask.js").setOfOne} */
export const setOfOne = (coverage) =>
  `El conjunto de predicción del ${coverage} no contiene ningún otro resultado.`;
/** @type {typeof import("../en/ask.js").setOfMore} */
export const setOfMore = (coverage, others) =>
  `El conjunto de predicción del ${coverage} contiene también: ${others}.`;
/** @type {typeof import("../en/ask.js").intervalText} */
export const intervalText = (coverage, range) =>
  `Intervalo de predicción del ${coverage}: ${range}.`;
/** @type {typeof import("../en/ask.js").trainedOnOnly} */
export const trainedOnOnly = (rows) =>
  plural(rows, {
    one: "Entrenado con solo 1 fila.",
    other: `Entrenado con solo ${count(rows)} filas.`,
  });
/** @type {typeof import("../en/ask.js").needFixing} */
export const needFixing = (inputs) =>
  plural(inputs, {
    one: "Hay que corregir 1 entrada.",
    other: `Hay que corregir ${count(inputs)} entradas.`,
  });
